import CausewayJSON
import CausewayModel
import CausewayStore

/// Users, one per line. Attributes that are texts are columns; others are left out, since CSV cannot distinguish a number from a
/// text.
struct UserExport: DirectoryExport {
    /// Nil until the header is written.
    private var attributes: [String]?
    private var last: UserID?

    private static let columns = ["username", "name", "email", "is_active", "type", "path", "groups"]
    private static let pageSize = 1000

    mutating func next(in transaction: Transaction) throws -> String? {
        guard let attributes else {
            let names = try transaction.textAttributeNames(of: .user)
            attributes = names
            return CSVText.line(Self.columns + names.map { "attributes.\($0)" })
        }
        let page = try transaction.users(after: last, limit: Self.pageSize)
        guard let end = page.last?.id else { return nil }
        last = end
        let groups = try transaction.groups(ofUsers: page.map(\.id))
        return page.map { user in
            CSVText.line(Self.fields(of: user, (groups[user.id] ?? []).map(\.name).sorted(), attributes))
        }.joined()
    }

    private static func fields(of user: User, _ groups: [String], _ attributes: [String]) -> [String] {
        [
            user.username, user.name, user.email, user.isActive ? "true" : "false", user.type.rawValue, user.path,
            ListText.joined(groups),
        ] + attributes.map { name in user.attributes[name]?.string ?? "" }
    }
}
