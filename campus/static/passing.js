"use strict";
document.getElementById("passing").submit();
