import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// A checked request: its caller and its values.
struct APIRequest: Sendable {
    let operation: APIOperation
    let caller: Caller
    /// Values from the path.
    let path: APIValues
    let query: APIValues
    /// The body, without unknown members; empty if none is expected.
    let body: [String: JSONValue]
    let services: APIServices
    let source: RequestSource
    /// Who must have the turn for the request's writes (``ChangeTurn``); nil for a request that is not made in turn.
    var turnHolder: String?

    /// The store, which does not let the caller hand out more access than the caller has.
    var store: Store { services.store.limited(by: caller.ceiling).inTurn(of: turnHolder) }
    /// What the request is about, however its path was spelled.
    var subject: String { "\(operation.path.template) \(path.json.text)" }
    /// Whether everything that is left out gets its default: for `PUT`, and for new objects.
    var isWhole: Bool { operation.method != .patch }
}

extension APIRequest {
    func text(_ name: String) -> String? { body[name]?.string }
    func bool(_ name: String) -> Bool? { body[name]?.bool }
    func integer(_ name: String) -> Int64? { body[name]?.integer }
    func object(_ name: String) -> [String: JSONValue]? { body[name]?.object }
    func uuids(_ name: String) -> [UUID]? {
        body[name]?.array?.compactMap { $0.string.flatMap(UUID.init(uuidString:)) }
    }
    func integers(_ name: String) -> [Int64]? { body[name]?.array?.compactMap(\.integer) }

    /// A value of an enumeration; the document has made sure that it is one.
    func word<Word: RawRepresentable<String>>(_ name: String, as type: Word.Type = Word.self) -> Word? {
        text(name).flatMap(Word.init)
    }
}

/// An answer.
struct APIResponse: Sendable {
    enum Content: Sendable {
        case none
        case json(JSONValue)
        /// Bytes of a media type.
        case bytes([UInt8], type: String)
        /// A stream of server-sent events.
        case events(AsyncThrowingStream<[UInt8], any Error>)
        /// Bytes of a media type, as they come.
        case stream(AsyncThrowingStream<[UInt8], any Error>, type: String)
    }

    let status: HTTPResponse.Status
    var content: Content
    var headers: HTTPFields = [:]
    /// Whether the answer has an entity tag.
    private(set) var isTagged = false

    /// The entity tag with which a client says which state it has read.
    var entityTag: EntityTag? {
        guard isTagged, case .json(let json) = content else { return nil }
        return EntityTag(of: json)
    }

    /// The answer with an entity tag.
    func tagged() -> APIResponse {
        var response = self
        response.isTagged = true
        return response
    }

    static func ok(_ json: JSONValue) -> APIResponse { APIResponse(status: .ok, content: .json(json)) }
    static func created(_ json: JSONValue) -> APIResponse { APIResponse(status: .created, content: .json(json)) }
    static let noContent = APIResponse(status: .noContent, content: .none)
}

/// Carries out an operation.
typealias APIHandler = @Sendable (APIRequest) async throws -> APIResponse
