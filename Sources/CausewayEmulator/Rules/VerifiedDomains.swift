/// The tenant's verified domains.
struct VerifiedDomains: Sendable {
    struct Domain: Sendable {
        let name: String
        let isInitial: Bool
        let isDefault: Bool
        let isFederated: Bool
    }

    let all: [Domain]

    var initial: String { all.first { $0.isInitial }?.name ?? "" }
    var standard: String { all.first { $0.isDefault }?.name ?? initial }

    /// Sub-domains of a verified domain are verified with it.
    func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        return all.contains { name == $0.name || name.hasSuffix(".\($0.name)") }
    }

    func isFederated(_ name: String) -> Bool { all.contains { $0.name == name.lowercased() && $0.isFederated } }
}
