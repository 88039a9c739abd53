// One statement per line comes in, one line of warnings goes out: an empty list means valid.
const readline = require("readline");
const warnings = require("@learninglocker/xapi-validation").default;

function verdict(line) {
  try {
    return warnings(JSON.parse(line)).map((warning) => `${warning.constructor.name} at ${(warning.path || []).join(".")}`);
  } catch (error) {
    return [`exception: ${error.message}`];
  }
}

readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  process.stdout.write(JSON.stringify(verdict(line)) + "\n");
});
