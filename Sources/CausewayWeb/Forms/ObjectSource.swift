import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Where selectable objects are listed.
struct ObjectSource: Sendable {
    /// The API's list, sorted.
    let list: String
    /// The API's address of one object, before its key.
    let object: String
    var id = "pk"
    var label = "name"
    /// Whether keys are numbers.
    var isNumeric = false
}

extension ObjectSource {
    /// The name of an object by its key; a text that is not a key is the name that was entered.
    func name(of text: String, _ api: APIClient) async throws -> String {
        guard text.wholeMatch(of: /[0-9a-fA-F-]{36}|[0-9]+/) != nil else { return text }
        let answer = await api.send(.get, "\(object)\(text.urlPathPart)/")
        return answer.status == 200 ? answer.body[label]?.string ?? text : text
    }
}
