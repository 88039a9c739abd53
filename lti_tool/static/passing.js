// Sends the form that stands on this page, which only passes something on; without scripts its button does.
"use strict";

document.getElementById("passing").submit();
