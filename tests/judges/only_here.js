// Loaded before the LRS: it listens on this machine only, on a port of the system's choosing,
// which it tells on the open file TELL_PORT_ON.
const fs = require("fs");
const net = require("net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (_port, ready) {
  return listen.call(this, { port: 0, host: "127.0.0.1" }, () => {
    fs.writeSync(Number(process.env.TELL_PORT_ON), `${this.address().port}\n`);
    if (ready) ready();
  });
};
