import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What a form can try with what was typed, before anything is saved.
struct FormTrial: Sendable {
    enum Result: Sendable {
        /// What the template `form-trial` shows.
        case shown([String: JSONValue])
        /// The API has something against what was typed, perhaps below a member of what was sent.
        case refused(APIAnswer, below: String? = nil)
    }

    /// Its section of the catalogue below `trials`, and the value of its button.
    let key: String
    /// Whether it runs while a person types, once there is an object to run it for.
    var isLive = false
    /// What it asks for besides.
    let fields: @Sendable (PageRequest) async throws -> [String: JSONValue]
    /// Given the body as it would be saved, and the object's key unless it is new.
    let run: @Sendable (JSONValue, _ id: String?, PageRequest) async throws -> Result

    func isAsked(_ request: PageRequest) -> Bool { request.form["_try"] == key }

    /// The preview on a page, with its result.
    func values(_ request: PageRequest, _ shown: [String: JSONValue], _ texts: Texts) async throws -> JSONValue {
        var values = try await fields(request).merging(shown) { $1 }
        for name in ["title", "about", "button"] { values[name] = .string(texts("trials.\(key).\(name)")) }
        values["key"] = .string(key)
        values["is_live"] = .bool(isLive)
        return .object(values)
    }
}
