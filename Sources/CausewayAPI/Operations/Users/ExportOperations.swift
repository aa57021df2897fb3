import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway/export/users/`: the users as CSV that an import takes again. Attributes that are texts
/// are columns of their own; others stay behind, since CSV cannot tell a number from a text.
enum ExportOperations {
    static let handlers: [String: APIHandler] = ["causeway_export_users_retrieve": users]

    private static let pageSize = 1000
    private static let columns = ["username", "name", "email", "is_active", "type", "path", "groups"]

    @Sendable private static func users(_ request: APIRequest) async throws -> APIResponse {
        let attributes = try await attributeNames(request.store)
        let (stream, lines) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
        lines.yield(Array(CSVText.line(columns + attributes.map { "attributes.\($0)" }).utf8))
        let store = request.store
        let work = Task {
            do {
                try await forEachPage(store) { page, groups in
                    let text = page.map { CSVText.line(line(of: $0, groups[$0.id] ?? [], attributes)) }.joined()
                    lines.yield(Array(text.utf8))
                }
                lines.finish()
            } catch {
                lines.finish(throwing: error)
            }
        }
        lines.onTermination = { _ in work.cancel() }
        var response = APIResponse(status: .ok, content: .stream(stream, type: "text/csv; charset=utf-8"))
        response.headers[.contentDisposition] = "attachment; filename=\"users.csv\""
        return response
    }

    /// The attributes that any user has a text of, in order.
    private static func attributeNames(_ store: Store) async throws -> [String] {
        var names: Set<String> = []
        try await forEachPage(store, withGroups: false) { page, _ in
            for user in page { names.formUnion(user.attributes.filter { $0.value.string != nil }.keys) }
        }
        return names.sorted()
    }

    private static func forEachPage(
        _ store: Store,
        withGroups: Bool = true,
        visit: ([User], [UserID: [String]]) -> Void
    ) async throws {
        var last: UserID?
        while !Task.isCancelled {
            let (page, groups) = try await store.read { [last] transaction in
                let users = try transaction.users(after: last, limit: pageSize)
                return (users, withGroups ? try groupNames(of: users, in: transaction) : [:])
            }
            visit(page, groups)
            guard page.count == pageSize, let end = page.last?.id else { return }
            last = end
        }
    }

    private static func groupNames(of users: [User], in transaction: Transaction) throws -> [UserID: [String]] {
        guard let first = users.first?.id, let last = users.last?.id else { return [:] }
        let groups = try transaction.groups(ofUsers: first, through: last)
        return groups.mapValues { $0.map(\.name).sorted() }
    }

    private static func line(of user: User, _ groups: [String], _ attributes: [String]) -> [String] {
        [
            user.username, user.name, user.email, user.isActive ? "true" : "false", user.type.rawValue, user.path,
            groups.joined(separator: ";"),
        ] + attributes.map { name in user.attributes[name]?.string ?? "" }
    }
}
