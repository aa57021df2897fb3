import CausewayJSON
package import CausewayModel
package import CausewayStore

/// The actual or expected content of a tenant, a line for each account and each group, so that duplicates are separate lines and
/// differences are readable.
package struct TenantContent: Equatable, Sendable {
    /// An account, under the address by which its person is known.
    package struct Account: Hashable, Sendable {
        package let id: String
        package let address: String
        package let name: String
        package let isEnabled: Bool

        var line: String { "\(address) '\(name)'\(isEnabled ? "" : " disabled")" }
    }

    package let lines: [String]
    /// The lines of all accounts.
    package let addresses: Set<String>

    init(_ accounts: [Account], groups: [(name: String, members: [String])]) {
        addresses = Set(accounts.map(\.address))
        lines =
            accounts.map(\.line).sorted()
            + groups.map { "group \($0.name): \($0.members.sorted().joined(separator: ", "))" }.sorted()
    }

    /// The lines that only one of the two has, marked, or their numbers if these differ.
    package func differences(from expected: TenantContent) -> [String] {
        let changes = lines.difference(from: expected.lines)
        return changes.insertions.map { "+ \($0.line)" } + changes.removals.map { "- \($0.line)" }
    }
}

extension CollectionDifference<String>.Change {
    fileprivate var line: String {
        switch self {
        case .insert(_, let line, _), .remove(_, let line, _): line
        }
    }
}

extension TenantContent {
    /// What the directory says, for mappings that return a person's name and address. Inactive users are suspended, whatever the
    /// mappings return.
    package init(saidBy store: Store, for provider: ProviderID) async throws {
        self = try await store.read { transaction in
            guard let settings = try transaction.provider(provider) else {
                throw StoreError.notFound("provider", "\(provider)")
            }
            let users = try transaction.usersInScope(of: settings, after: nil, limit: 100_000)
            let groups = try transaction.groupsInScope(of: settings, after: nil, limit: 100_000)
            let names = Dictionary(users.map { ($0.id, $0.email.lowercased()) }, uniquingKeysWith: { $1 })
            let groupNames = Dictionary(groups.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
            return TenantContent(
                users.map { user in
                    Account(id: "", address: user.email.lowercased(), name: user.name, isEnabled: user.isActive)
                },
                groups: try groups.map { group in
                    let people = try transaction.members(of: group.id).compactMap { names[$0] }
                    let nested = try transaction.children(of: group.id).compactMap { groupNames[$0] }
                    return (group.name, people + nested)
                }
            )
        }
    }

    /// A tenant's content, through fresh reads of Graph.
    ///
    /// - Parameter isLeft: whether an account is a disabled one of a user who left.
    package init(of client: TenantClient, without isLeft: (Account) -> Bool = { _ in false }) async throws {
        let accounts = try await client.accounts()
        let groups = try await client.all("/groups?$top=999&$select=id,displayName")
        var names = Dictionary(accounts.map { ($0.id, $0.address) }, uniquingKeysWith: { $1 })
        for group in groups { names[group["id"]?.string ?? ""] = group["displayName"]?.string }
        var described: [(String, [String])] = []
        for group in groups {
            let id = group["id"]?.string ?? ""
            let members = try await client.all("/groups/\(id)/members?$top=999&$select=id")
            described.append((names[id] ?? "", members.map { names[$0["id"]?.string ?? ""] ?? "somebody" }))
        }
        self.init(accounts.filter { !isLeft($0) }, groups: described)
    }
}

extension TenantClient {
    /// Every account of the tenant.
    package func accounts() async throws -> [TenantContent.Account] {
        try await all("/users?$top=999&$select=id,displayName,mail,userPrincipalName,accountEnabled").map { user in
            TenantContent.Account(
                id: user["id"]?.string ?? "",
                address: (user["mail"]?.string ?? user["userPrincipalName"]?.string ?? "").lowercased(),
                name: user["displayName"]?.string ?? "",
                isEnabled: user["accountEnabled"]?.bool ?? true
            )
        }
    }
}
