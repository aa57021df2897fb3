import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway/export/users/` and `causeway/export/groups/`: CSV that can be imported again; and a provider's failures as CSV.
enum ExportOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_export_users_retrieve": { send(UserExport(), as: "users.csv", $0) },
        "causeway_export_groups_retrieve": { send(GroupExport(), as: "groups.csv", $0) },
        "causeway_providers_failures_export_retrieve": failures,
    ]

    @Sendable private static func failures(_ request: APIRequest) async throws -> APIResponse {
        let cause = try TenantOperations.cause(request.query.text("cause"))
        let provider = try await request.store.read { try EntraProviderOperations.requested(request, in: $0).id }
        return send(FailureExport(provider: provider, cause: cause), as: "failures.csv", request)
    }

    /// Sends a file.
    ///
    /// - Parameter type: its media type.
    static func send(
        _ export: some CSVExport,
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

    private actor Reader<Export: CSVExport> {
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
protocol CSVExport: Sendable {
    /// - Returns: the next lines, those with the header first; nil after the last.
    mutating func next(in transaction: Transaction) throws -> String?
}
