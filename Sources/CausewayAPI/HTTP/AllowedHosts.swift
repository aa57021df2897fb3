/// The host names by which the server lets itself be called. A page elsewhere that has its own name point to this server is refused,
/// and no link of ours leads to a name that somebody made up.
package struct AllowedHosts: Sendable {
    /// nil for every name.
    private let names: Set<String>?

    /// - Parameter names: besides addresses and `localhost`; nil for every name.
    package init(_ names: [String]?) { self.names = names.map { Set($0.map { $0.lowercased() }) } }

    /// Every name.
    package static let any = AllowedHosts(nil)

    /// - Parameter authority: as the client gave it, with a port or without; nil where it gave none.
    package func allows(_ authority: String?) -> Bool {
        guard let names, let authority else { return true }
        guard let host = Self.host(of: authority.lowercased()) else { return false }
        return host == "localhost" || Self.isAddress(host) || names.contains(host)
    }

    /// The name without its port; nil where it is no host.
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

    /// Nobody can have an address point elsewhere.
    private static func isAddress(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            return host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
    }
}
