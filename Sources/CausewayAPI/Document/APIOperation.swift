import CausewayJSON
import CausewayModel
import HTTPTypes

/// One operation of the API.
struct APIOperation: Sendable {
    /// Its `operationId`.
    let id: String
    let method: HTTPRequest.Method
    let path: APIPath
    let parameters: [APIParameter]
    /// What the body must be; nil if it takes none.
    let body: JSONSchema?
    let isBodyRequired: Bool
    /// The media type of the body.
    let bodyType: String
    let access: APIAccess

    init(_ path: String, _ method: String, _ json: JSONValue, document: JSONValue) throws(APIDocumentError) {
        guard let id = json["operationId"]?.string, let method = HTTPRequest.Method(rawValue: method.uppercased())
        else {
            throw APIDocumentError("\(method) \(path) has no operationId")
        }
        self.id = id
        self.method = method
        self.path = APIPath(path)
        var parameters: [APIParameter] = []
        for parameter in json["parameters"]?.array ?? [] {
            parameters.append(try APIParameter(parameter, document: document))
        }
        self.parameters = parameters
        let content = json["requestBody"]?["content"]?.object?.sorted { $0.key < $1.key }.first
        bodyType = content?.key ?? "application/json"
        if let schema = content?.value["schema"] { body = try JSONSchema(schema) } else { body = nil }
        isBodyRequired = json["requestBody"]?["required"] == true
        guard let access = APIAccess(json["x-causeway-role"]?.string ?? "") else {
            throw APIDocumentError("\(id) does not say who may use it")
        }
        self.access = access
    }
}

/// Who may use an operation.
enum APIAccess: Sendable, Equatable {
    /// Everyone, without signing in.
    case open
    /// Every signed-in user.
    case anyone
    /// Users with this role, or a higher one.
    case role(AccessRole)

    /// Reads `open`, `none` or the name of a role.
    init?(_ text: String) {
        switch text {
        case "open": self = .open
        case "none": self = .anyone
        default:
            guard let role = AccessRole(rawValue: text) else { return nil }
            self = .role(role)
        }
    }
}

/// A path with places for values: `/core/users/{id}/`.
struct APIPath: Sendable {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case value(String)
    }

    let template: String
    let segments: [Segment]

    init(_ template: String) {
        self.template = template
        segments = template.split(separator: "/").map { part in
            part.hasPrefix("{") ? .value(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// How many of its segments are fixed: of two paths that match, the one with more of them is meant.
    var literalCount: Int { segments.count { if case .literal = $0 { true } else { false } } }

    /// The values in a path; nil if it does not match.
    func values(in parts: [String]) -> [String: String]? {
        guard parts.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal(let text): guard text == part else { return nil }
            case .value(let name): values[name] = part
            }
        }
        return values
    }
}

/// A value in the path or after the question mark.
struct APIParameter: Sendable {
    let name: String
    let isInPath: Bool
    let isRequired: Bool
    let schema: JSONSchema
    /// Whether it is a flag that always has a value, by default if not given: no filter.
    let isSwitch: Bool

    init(_ json: JSONValue, document: JSONValue) throws(APIDocumentError) {
        var json = json
        if let reference = json["$ref"]?.string {
            json = document["components"]?["parameters"]?[String(reference.split(separator: "/").last ?? "")] ?? [:]
        }
        guard let name = json["name"]?.string else { throw APIDocumentError("a parameter has no name") }
        self.name = name
        isInPath = json["in"] == "path"
        isRequired = json["required"] == true
        schema = try JSONSchema(json["schema"] ?? [:])
        isSwitch = json["schema"]?["default"]?.bool != nil
    }
}
