// One GIFT text per line comes in as JSON, what is read of it goes out: a list of questions, or why there is none.
const readline = require("readline");
const { parse } = require("gift-pegjs");

function read(line) {
  try {
    return parse(JSON.parse(line));
  } catch (error) {
    return `${error.message} (${JSON.stringify(error.location || {})})`;
  }
}

readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  process.stdout.write(JSON.stringify(read(line)) + "\n");
});
