import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway/export/users/`: the users as CSV that an import takes again. Attributes that are texts
/// are columns of their own; others stay behind, since CSV cannot tell a number from a text.
enum ExportOperations {
    static let handlers: [String: APIHandler] = ["causeway_export_users_retrieve": users]

    private static let columns = ["username", "name", "email", "is_active", "type", "path", "groups"]

    @Sendable private static func users(_ request: APIRequest) async throws -> APIResponse {
        let attributes = try await request.store.read { try $0.textAttributeNames() }
        let reader = Reader(store: request.store, attributes: attributes)
        // A page is read when the one before it is sent, however slowly that goes.
        let stream = AsyncThrowingStream<[UInt8], any Error> { try await reader.next() }
        var response = APIResponse(status: .ok, content: .stream(stream, type: "text/csv; charset=utf-8"))
        response.headers[.contentDisposition] = "attachment; filename=\"users.csv\""
        return response
    }

    /// Reads the file page by page.
    private actor Reader {
        private let store: Store
        private let attributes: [String]
        private var hasHeader = false
        private var last: UserID?
        private var isAtEnd = false

        private static let pageSize = 1000

        init(store: Store, attributes: [String]) { (self.store, self.attributes) = (store, attributes) }

        /// The next lines; nil after the last.
        func next() async throws -> [UInt8]? {
            guard hasHeader else {
                hasHeader = true
                return Array(CSVText.line(columns + attributes.map { "attributes.\($0)" }).utf8)
            }
            guard !isAtEnd else { return nil }
            let (page, groups) = try await store.read { [last] transaction in
                let users = try transaction.users(after: last, limit: Self.pageSize)
                return (users, try ExportOperations.groupNames(of: users, in: transaction))
            }
            isAtEnd = page.count < Self.pageSize
            last = page.last?.id
            let lines = page.map { CSVText.line(ExportOperations.fields(of: $0, groups[$0.id] ?? [], attributes)) }
            return page.isEmpty ? nil : Array(lines.joined().utf8)
        }
    }

    private static func groupNames(of users: [User], in transaction: Transaction) throws -> [UserID: [String]] {
        guard let first = users.first?.id, let last = users.last?.id else { return [:] }
        return try transaction.groups(ofUsers: first, through: last).mapValues { $0.map(\.name).sorted() }
    }

    private static func fields(of user: User, _ groups: [String], _ attributes: [String]) -> [String] {
        [
            user.username, user.name, user.email, user.isActive ? "true" : "false", user.type.rawValue, user.path,
            groups.joined(separator: ";"),
        ] + attributes.map { name in user.attributes[name]?.string ?? "" }
    }
}
