"""Microsoft's names without changing how this machine resolves them: a proxy that every client can be told to use.

It takes CONNECT alone, and joins those who ask for one of Microsoft's names at port 443 with the tenant. Others it refuses, so that
nothing leaves this machine. What passes is the client's own TLS with the tenant.
"""

import socket
import socketserver
import threading
import urllib.parse

NAMES = {
    "login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "graph.microsoft.com",
    "login.microsoftonline.us", "graph.microsoft.us", "dod-graph.microsoft.us",
    "login.partner.microsoftonline.cn", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn",
}


def start(endpoints):
    """Starts the proxy on a thread; returns its URL, for HTTPS_PROXY."""
    tenant = urllib.parse.urlsplit(endpoints["login_endpoint"])
    server = Server(("127.0.0.1", 0), Connection)
    server.tenant = (tenant.hostname, tenant.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class Connection(socketserver.StreamRequestHandler):
    def handle(self):
        method, target = (self.rfile.readline().decode().split() + ["", ""])[:2]
        while self.rfile.readline().strip():
            pass
        name, _, port = target.rpartition(":")
        if method != "CONNECT" or name not in NAMES or port != "443":
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(self.server.tenant) as tenant:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=carry, args=(tenant, self.connection), daemon=True)
            back.start()
            carry(self.connection, tenant)
            back.join()


def carry(source, target):
    """Hands on what comes until it ends, then says so."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
