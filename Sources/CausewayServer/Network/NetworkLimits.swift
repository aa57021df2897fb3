/// How much of the server its clients may use: connections, time and memory.
package struct NetworkLimits: Sendable {
    /// Connections at once; more are refused.
    package var connections = 1024
    /// Connections of one address at once; nil if all come from a proxy, whose address says nothing.
    package var connectionsPerAddress: Int?
    /// How long a new client may take to send the head of its first request.
    package var head: Duration = .seconds(20)
    /// How long a client may take for an empty body; a body with bytes may take longer, at ``slowestBody``.
    package var body: Duration = .seconds(30)
    /// How long a connection is kept between two requests, including the head of the next one.
    package var idle: Duration = .seconds(75)
    /// How long a client may read nothing of its answer.
    package var writing: Duration = .seconds(60)
    /// Bytes of a body that must arrive per second.
    package let slowestBody = 8192
    /// Bytes of one header or of the path with its query, bytes of all headers, and how many there may be.
    package let headerSize = 32 << 10
    package let headersSize = 64 << 10
    package let headerCount = 128

    package init(connectionsPerAddress: Int? = 128) { self.connectionsPerAddress = connectionsPerAddress }
}
