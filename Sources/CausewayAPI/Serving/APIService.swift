import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes
import Logging

/// Answers requests under `/api/v3/`: finds the operation and the caller, checks the caller's role and the body, and
/// calls the handler.
package struct APIService: Sendable {
    let services: APIServices
    private let document: APIDocument
    private let router: APIRouter
    private let authenticator: Authenticator
    private let handlers: [String: APIHandler]

    package init(document: APIDocument, services: APIServices) {
        self.document = document
        self.services = services
        router = APIRouter(document.operations)
        authenticator = Authenticator(store: services.store, limits: services.limits, logger: services.logger)
        handlers = APIOperations.all(document: document, authenticator: authenticator)
    }

    /// What pages keep.
    package var keptTexts: KeptTexts { KeptTexts(store: services.store) }

    /// Answers one request; never throws.
    ///
    /// - Parameters:
    ///   - target: path and query as they were sent.
    ///   - body: nil if it is longer than allowed.
    func respond(
        to method: HTTPRequest.Method,
        _ target: String,
        body: [UInt8]?,
        source: RequestSource,
        caller: Result<Caller, any Error>? = nil
    ) async -> APIResponse {
        do {
            return try await answer(method, target, body, source, caller)
        } catch {
            let refusal = services.refusal(for: error, of: source)
            return APIResponse(status: refusal.status, content: .json(refusal.body), headers: refusal.headers)
        }
    }

    /// Finds the caller of a request once, for several calls.
    func caller(of source: RequestSource) async -> Result<Caller, any Error> {
        do { return .success(try await authenticator.caller(of: source)) } catch { return .failure(error) }
    }

    private func answer(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ body: [UInt8]?,
        _ source: RequestSource,
        _ known: Result<Caller, any Error>?
    ) async throws -> APIResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let (operation, values) = try find(method, String(parts[0]))
        let found = if let known { try known.get() } else { try await authenticator.caller(of: source) }
        let caller = authenticator.admitted(found, source, changes: ![.get, .head].contains(method))
        try caller.require(operation.access)
        guard let body else { throw APIError.detail(.contentTooLarge, "The body is too large.") }
        let check = SchemaCheck(schemas: document.schemas)
        let path: APIValues
        do { path = try APIValues(values.map { ($0, $1) }, operation.parameters.filter(\.isInPath), check) } catch {
            throw APIError.detail(.notFound, "Not found.")
        }
        let query = parts.count > 1 ? QueryText.items(of: parts[1]) : []
        let request = APIRequest(
            operation: operation,
            caller: caller,
            path: path,
            query: try APIValues(query, operation.parameters.filter { !$0.isInPath }, check),
            body: try RequestBody.members(of: body, operation, source.headers, check),
            services: services,
            source: source
        )
        return try await handle(request)
    }

    private func find(_ method: HTTPRequest.Method, _ path: String) throws -> (APIOperation, [String: String]) {
        switch router.match(method == .head ? .get : method, path) {
        case .operation(let operation, let values): return (operation, values)
        case .nothing: throw APIError.detail(.notFound, "Not found.")
        case .otherMethods(let methods):
            var error = APIError.detail(.methodNotAllowed, "Method \"\(method.rawValue)\" not allowed.")
            error.headers[.allow] = methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw error
        }
    }

    private func handle(_ request: APIRequest) async throws -> APIResponse {
        guard let handler = handlers[request.operation.id] else { throw APIError.detail(.notFound, "Not found.") }
        guard request.operation.method != .get else { return try await handler(request).tagged() }
        guard let wanted = request.source.headers[.ifMatch], let reading = reading(of: request) else {
            return try await handler(request)
        }
        // In turn, so that nothing comes between the comparison and the change.
        return try await ChangeTurn(store: services.store, object: request.subject).run { holder in
            try await requireMatch(wanted, reading, request)
            var inTurn = request
            inTurn.turnHolder = holder
            return try await handler(inTurn)
        }
    }

    /// The operation that reads what a request changes; nil if there is none.
    private func reading(of request: APIRequest) -> APIOperation? {
        document.operations.first { $0.path.template == request.operation.path.template && $0.method == .get }
    }

    /// - Throws: ``APIError`` if the object has changed since the client read it (RFC 9110, section 13.1.1).
    private func requireMatch(_ wanted: String, _ reading: APIOperation, _ request: APIRequest) async throws {
        guard let handler = handlers[reading.id] else { return }
        let present = APIRequest(
            operation: reading,
            caller: request.caller,
            path: request.path,
            query: request.query,
            body: [:],
            services: services,
            source: request.source
        )
        let tag = try await handler(present).tagged().entityTag?.text ?? ""
        let tags = wanted.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !tags.contains(tag), !tags.contains("*") else { return }
        throw APIError.detail(
            .preconditionFailed,
            "This has changed in the meantime. Read it again, and send If-Match with the new ETag."
        )
    }
}
