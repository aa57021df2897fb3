import CausewayStore
import HTTPTypes

/// `causeway/export/users/` and `causeway/export/groups/`: CSV that can be imported again.
enum ExportOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_export_users_retrieve": { send(UserExport(), as: "users.csv", $0) },
        "causeway_export_groups_retrieve": { send(GroupExport(), as: "groups.csv", $0) },
    ]

    /// Sends a file.
    ///
    /// - Parameter type: its media type.
    static func send(
        _ export: some DirectoryExport,
        as name: String,
        type: String = "text/csv; charset=utf-8",
        _ request: APIRequest
    ) -> APIResponse {
        let reader = Reader(store: request.store, export: export)
        // A part is read when the one before it is sent, however slow the client is.
        let stream = AsyncThrowingStream<[UInt8], any Error> { try await reader.next() }
        var response = APIResponse(status: .ok, content: .stream(stream, type: type))
        response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return response
    }

    private actor Reader<Export: DirectoryExport> {
        private let store: Store
        private var export: Export

        init(store: Store, export: Export) { (self.store, self.export) = (store, export) }

        func next() async throws -> [UInt8]? {
            let (text, export) = try await store.read { [export] transaction in
                var export = export
                return (try export.next(in: transaction), export)
            }
            self.export = export
            return text.map { Array($0.utf8) }
        }
    }
}

/// A file that is read part by part.
protocol DirectoryExport: Sendable {
    /// - Returns: the next lines, those with the header first; nil after the last.
    mutating func next(in transaction: Transaction) throws -> String?
}
