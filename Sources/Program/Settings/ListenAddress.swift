/// `HOST:PORT`, as flags and settings give it; an IPv6 address is in brackets.
struct ListenAddress: Equatable {
    let host: String
    let port: Int

    /// Whether only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The server's address for a browser on this machine.
    ///
    /// - Parameter port: the port that it listens on.
    func origin(port: Int) -> String {
        let own = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        return "http://\(own.contains(":") ? "[\(own)]" : own):\(port)"
    }

    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port), colon != text.startIndex
        else { throw UserError("'\(text)' is not an address to listen on; write it like 127.0.0.1:9000.") }
        let host = text[..<colon]
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host)
        self.port = port
    }
}
