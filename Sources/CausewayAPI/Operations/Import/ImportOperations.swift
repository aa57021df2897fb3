import CausewayImport
import CausewayJSON
import CausewayProvisioning
import CausewayStore
import Foundation
import HTTPTypes

/// `causeway/import/`: imports users and groups from CSV text, as `causeway import` does from files.
enum ImportOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_import_create": importDirectory, "causeway_import_columns_create": recognizeColumns,
    ]

    /// What each column of a file of users means, also if it cannot be imported like that.
    @Sendable private static func recognizeColumns(_ request: APIRequest) async throws -> APIResponse {
        let text = ImportText(kind: "users", name: "users.csv", text: request.text("users") ?? "")
        let columns = try await withFiles([text]) { files in
            try RecognizedColumns(path: files["users"] ?? "")
        }
        return .ok(ImportAnswer.json(columns))
    }

    /// Answers with the report; or, if the client accepts events, with the number of lines now and then and the report at the end.
    @Sendable private static func importDirectory(_ request: APIRequest) async throws -> APIResponse {
        let texts = try ["users", "groups"].compactMap { try ImportText($0, of: request) }
        guard !texts.isEmpty else {
            throw APIError.invalid("users", "Send users, groups, or both, as CSV text.")
        }
        guard request.source.headers[.accept]?.contains("text/event-stream") == true else {
            return .ok(try await report(texts, for: request) { _ in })
        }
        return APIResponse(status: .ok, content: .events(try events(texts, for: request)))
    }

    private static func events(_ texts: [ImportText], for request: APIRequest) throws
        -> AsyncThrowingStream<[UInt8], any Error>
    {
        let (stream, events) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
        @Sendable func send(_ name: String, _ data: JSONValue) {
            events.yield(Array("event: \(name)\ndata: \(data.text)\n\n".utf8))
        }
        // A client that stops listening does not stop the import, which is all or nothing.
        let isTaken = request.services.runs.queue.submit {
            do {
                let report = try await report(texts, for: request) {
                    send("progress", ["lines": .integer(Int64($0))])
                }
                send("report", report)
            } catch {
                send("error", request.services.refusal(for: error, of: request.source).body)
            }
            events.finish()
        }
        guard isTaken else { throw APIError.detail(.serviceUnavailable, "The server is shutting down.") }
        return stream
    }

    private static func report(
        _ texts: [ImportText],
        for request: APIRequest,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws -> JSONValue {
        let isPreview = request.bool("dry_run") == true
        return try await withFiles(texts) { files in
            let work = DirectoryImport(
                users: files["users"],
                groups: files["groups"],
                overrides: request.body["map"]?.array?.compactMap(\.string) ?? [],
                key: request.word("key") ?? .userName,
                isExact: request.bool("exact") ?? false,
                listsChanges: request.bool("list_changes") ?? false,
                origin: request.origin
            )
            let report =
                try await isPreview
                ? work.preview(in: request.store, progress: progress) : work.run(in: request.store, progress: progress)
            return ImportAnswer.json(report, isPreview: isPreview)
        }
    }

    /// Stores texts as files of their names while the work reads them. Each has a folder of its own, because names can be the same.
    ///
    /// - Throws: ``APIError`` for a file that cannot be imported.
    private static func withFiles<Value>(_ texts: [ImportText], _ work: ([String: String]) async throws -> Value)
        async throws -> Value
    {
        try await ScratchFolder.with(for: "import") { folder in
            var files: [String: String] = [:]
            for text in texts {
                let place = folder.appending(path: text.kind)
                try FileManager.default.createDirectory(
                    at: place,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700]
                )
                let file = place.appending(path: text.name)
                try Data(text.text.utf8).write(to: file)
                files[text.kind] = file.path
            }
            do { return try await work(files) } catch let error as ImportFileError {
                throw APIError.invalid("non_field_errors", error.description)
            }
        }
    }
}
