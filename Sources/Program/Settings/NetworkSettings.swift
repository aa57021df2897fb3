import CausewayAPI
import CausewayServer
import Foundation

extension Settings {
    /// How many connections the server accepts.
    ///
    /// - Parameter files: what this process may open.
    /// - Throws: ``UserError`` for a value that the setting cannot have.
    func networkLimits(files: OpenFiles, environment: [String: String]) throws -> NetworkLimits {
        var limits = NetworkLimits()
        limits.connections = try connections(atMost: files)
        limits.connectionsPerAddress = try connectionsPerAddress()
        try TimingSettings.set(&limits.head, "HEAD_TIMEOUT", environment)
        try TimingSettings.set(&limits.body, "BODY_TIMEOUT", environment)
        try TimingSettings.set(&limits.idle, "IDLE_TIMEOUT", environment)
        try TimingSettings.set(&limits.writing, "WRITE_TIMEOUT", environment)
        return limits
    }

    private func connections(atMost files: OpenFiles) throws -> Int {
        let most = try files.mostConnections()
        guard let number = try chosenConnections() else { return min(NetworkLimits().connections, most) }
        guard number <= most else {
            throw UserError(
                "The setting max_connections is \(number), but with \(files.limit) open files there may be \(most): raise the "
                    + "limit (ulimit -n, or LimitNOFILE= of the service), or lower the setting."
            )
        }
        return number
    }

    /// How many connections the setting asks for; nil if it is empty.
    func chosenConnections() throws -> Int? {
        guard !maxConnections.value.isEmpty else { return nil }
        guard let number = Int(maxConnections.value), number >= 1 else {
            throw UserError("The setting max_connections must be a number from 1, not '\(maxConnections.value)'.")
        }
        return number
    }

    /// Nil with a proxy, since all connections come from its address.
    func connectionsPerAddress() throws -> Int? {
        let text = maxConnectionsPerAddress.value
        guard let number = Int(text), number >= 1 else {
            throw UserError("The setting max_connections_per_address must be a number from 1, not '\(text)'.")
        }
        return try apiLimits().trustsProxy ? nil : number
    }

    /// The host names that the server accepts. If the setting is empty, a server that only this machine reaches accepts only its
    /// own names. A server that others or a proxy reach accepts all, since it cannot know its names.
    ///
    /// - Parameter address: what it listens on.
    /// - Throws: ``UserError`` for a value that is not a list of host names.
    func hosts(listeningOn address: ListenAddress) throws -> AllowedHosts {
        let names = allowedHosts.value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if names == ["*"] { return .any }
        if let wrong = names.first(where: { !Self.isHostName($0) }) {
            throw UserError(
                "The setting allowed_hosts must be host names separated by commas, or '*' for all; '\(wrong)' is not one."
            )
        }
        if names.isEmpty, try apiLimits().trustsProxy || !address.isLoopback { return .any }
        return AllowedHosts(names + [address.host])
    }

    private static func isHostName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._[]:".contains($0)) }
            && (text.hasPrefix("[") || !text.contains(":"))
    }
}
