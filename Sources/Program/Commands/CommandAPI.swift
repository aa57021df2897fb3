import CausewayAPI
import CausewayInstallation
import CausewayJSON
import CausewayProvisioning
import CausewayStore
import HTTPTypes
import Logging

/// The API in this process, for commands that change what the API changes: its rules are theirs, and events name the command line.
struct CommandAPI {
    private let client: APIClient

    init(_ store: Store, _ data: DataOptions) throws {
        let (runtime, settings) = (try data.runtime(), try data.settings())
        let services = APIServices(
            store: store,
            runs: RunCoordinator(store: store, runtime: runtime),
            runtime: runtime,
            logger: .program,
            limits: try settings.apiLimits(),
            passwordRule: try settings.passwordRule(),
            version: Version.current
        )
        client = APIClient(forCommandOf: APIService(document: try .load(), services: services))
    }

    /// Sends a request.
    ///
    /// - Parameter path: below `/api/v3`.
    /// - Returns: the answer; null if it has no body.
    /// - Throws: ``UserError`` with the answer's words if it is refused.
    @discardableResult
    func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let answer = await client.send(method, path, body)
        guard (200..<300).contains(answer.status) else { throw UserError(Self.sentence(answer.body)) }
        return answer.body
    }

    /// Changes an object by what is known of it. If someone else changes it in between, that is done again with what is then known.
    ///
    /// - Parameters:
    ///   - path: below `/api/v3`.
    ///   - values: reads the object, and makes the new values by field.
    /// - Throws: ``UserError`` if there are none, or with the answer's words if it is refused.
    func change(_ path: String, _ values: () async throws -> [String: JSONValue]) async throws -> JSONValue {
        func body() async throws -> JSONValue {
            let values = try await values()
            guard !values.isEmpty else { throw UserError("Give at least one option with a new value.") }
            return .object(values)
        }
        for _ in 1..<Self.attempts {
            let tag = await client.send(.get, path).tag
            let answer = await client.send(.patch, path, try await body(), ifMatch: tag)
            if answer.status == 412 { continue }
            guard answer.status == 200 else { throw UserError(Self.sentence(answer.body)) }
            return answer.body
        }
        return try await send(.patch, path, try await body())
    }

    private static let attempts = 5

    /// A refusal as one line: `email: Enter a valid email address.`
    static func sentence(_ refusal: JSONValue) -> String {
        if let detail = refusal["detail"]?.string { return detail }
        let problems = (refusal.object ?? [:]).sorted { $0.key < $1.key }.map { field, messages in
            let text = (messages.array ?? []).compactMap(\.string).joined(separator: " ")
            return field == "non_field_errors" ? text : "\(field): \(text)"
        }
        return problems.isEmpty ? "The change was refused." : problems.joined(separator: " ")
    }
}

extension String {
    /// The text as a part of a path.
    var pathPart: String { QueryText.encoded(self) }
}
