// Preloaded into the MCP server: it listens on loopback only, says which port it got (PORT=0), and answers 401 to
// requests without the Authorization that the test asks for.
const net = require('net');
const http = require('http');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  this.once('listening', () => process.stderr.write(`LISTENING ${this.address().port}\n`));
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest);
};

const wanted = process.env.TEST_AUTHORIZATION;
const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response, ...rest) {
  if (event === 'request' && wanted && request.headers.authorization !== wanted) {
    response.writeHead(401).end();
    return true;
  }
  return emit.call(this, event, request, response, ...rest);
};
