import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// A refusal, in authentik's form.
struct APIError: Error {
    let status: HTTPResponse.Status
    let body: JSONValue
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ body: JSONValue) { (self.status, self.body) = (status, body) }

    /// A refusal with a sentence for the whole request.
    static func detail(_ status: HTTPResponse.Status, _ sentence: String) -> APIError {
        APIError(status, ["detail": .string(sentence)])
    }

    /// Wrong input: messages by field.
    static func invalid(_ fields: [String: JSONValue]) -> APIError { APIError(.badRequest, .object(fields)) }

    static func invalid(_ field: String, _ message: String) -> APIError {
        invalid([field: .array([.string(message)])])
    }

    /// - Parameter model: the model's name in authentik, such as `User`.
    static func notFound(_ model: String) -> APIError { .detail(.notFound, "No \(model) matches the given query.") }

    static let forbidden = APIError.detail(.forbidden, "You do not have permission to perform this action.")
    static let noCredentials = APIError.detail(.forbidden, "Authentication credentials were not provided.")
    static let wrongToken = APIError.detail(.forbidden, "Token invalid/expired")

    static func tooOften(seconds: Int) -> APIError {
        var error = APIError.detail(
            .tooManyRequests,
            "Request was throttled. Expected available in \(seconds) seconds."
        )
        error.headers[.retryAfter] = "\(seconds)"
        return error
    }

    /// The server has too much to do; nothing is held against the client.
    static func busy(seconds: Int) -> APIError {
        var error = APIError(
            .tooManyRequests,
            ["detail": .string("The server is busy. Try again in \(seconds) seconds."), "code": "server_busy"]
        )
        error.headers[.retryAfter] = "\(seconds)"
        return error
    }
}

extension APIError {
    /// The refusal for an error of the layers below; nil for an error that a client cannot influence.
    init?(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as AccessCeilingError: self = .detail(.forbidden, error.description)
        case let error as ValidationError: self = .invalid(error.fields)
        case let error as StoreError:
            switch error.code {
            case .notFound: self = .detail(.notFound, error.message)
            case .turnTaken: self = .detail(.serviceUnavailable, error.message)
            case .conflict: self = .invalid(["non_field_errors": [.string(error.message)]])
            default: return nil
            }
        default: return nil
        }
    }
}

extension ValidationError {
    /// Messages by field.
    var fields: [String: JSONValue] {
        Dictionary(grouping: problems, by: \.field).mapValues { problems in
            .array(problems.map { .string($0.message) })
        }
    }
}
