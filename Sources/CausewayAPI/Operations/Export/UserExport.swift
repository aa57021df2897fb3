import CausewayJSON
import CausewayModel
import CausewayStore

/// Users, one per line. Attributes that are texts are columns; others are left out, since CSV cannot distinguish a number from a
/// text.
struct UserExport: CSVExport {
    /// Nil until the header is written.
    private var attributes: [String]?
    private var last: UserID?

    private static let fields = UserProfile.fields.filter { $0.name != "attributes" }
    private static let pageSize = 1000

    mutating func next(in transaction: Transaction) throws -> String? {
        guard let attributes else {
            let names = try transaction.textAttributeNames(of: .user)
            attributes = names
            return CSVText.line(Self.fields.map(\.name) + ["groups"] + names.map { "attributes.\($0)" })
        }
        let page = try transaction.users(after: last, limit: Self.pageSize)
        guard let end = page.last?.id else { return nil }
        last = end
        let groups = try transaction.groups(ofUsers: page.map(\.id))
        return page.map { user in
            CSVText.line(Self.cells(of: user, (groups[user.id] ?? []).map(\.name).sorted(), attributes))
        }.joined()
    }

    private static func cells(of user: User, _ groups: [String], _ attributes: [String]) -> [String] {
        let values = fields.map { $0.value(user.profile) }
        return values.map { $0.string ?? $0.text } + [ListText.joined(groups)]
            + attributes.map { name in user.attributes[name]?.string ?? "" }
    }
}
