/// The host names that the server accepts. A page elsewhere whose own name resolves to this server is refused, and no link of
/// Causeway's leads to a made-up name.
package struct AllowedHosts: Sendable {
    /// Nil for every name.
    private let names: Set<String>?

    /// - Parameter names: in addition to addresses and `localhost`; nil for every name.
    package init(_ names: [String]?) { self.names = names.map { Set($0.map { $0.lowercased() }) } }

    /// Every name.
    package static let any = AllowedHosts(nil)

    /// - Parameter authority: as the client gave it, with or without a port; nil if it gave none.
    package func allows(_ authority: String?) -> Bool {
        guard let names, let authority else { return true }
        guard let host = Self.host(of: authority.lowercased()) else { return false }
        return host == "localhost" || Self.isAddress(host) || names.contains(host)
    }

    /// The name without its port; nil if it is not a host.
    static func host(of authority: String) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            return String(authority[...end])
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, !host.isEmpty, parts.count == 1 || Int(parts[1]) != nil else {
            return nil
        }
        return host.hasSuffix(".") ? String(host.dropLast()) : String(host)
    }

    /// An address cannot be made to point elsewhere.
    private static func isAddress(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            return host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
    }
}
