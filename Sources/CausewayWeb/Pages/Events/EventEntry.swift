import CausewayAPI
import CausewayJSON

/// An event of the log, as the API returns it.
struct EventEntry: Decodable, Sendable {
    let pk: String
    let action: String
    let app: String
    let user: String
    let clientIp: String?
    let created: String
    let object: Object?
    let provider: String?
    let run: String?
    let message: Message
    let channel: String?
    let token: String?
    let systemUser: String?
    let changes: [Change]
    let details: JSONValue
    let context: JSONValue

    struct Object: Decodable {
        /// authentik's model, such as `user`.
        let modelName: String
        let pk: String
        let name: String
    }

    /// A change of one field.
    struct Change: Decodable {
        let field: String
        /// `value`, `list` or `secret`.
        let kind: String
        let old: JSONValue?
        let new: JSONValue?
        /// The names of the objects that the values name by their keys.
        let oldName: String?
        let newName: String?
        let added: [Named]?
        let removed: [Named]?
        let addedCount: Int?
        let removedCount: Int?
    }

    struct Named: Decodable {
        let pk: JSONValue
        let name: String?

        var words: String { name ?? pk.plainText }
    }
}

/// Events from one place of the log to an earlier one, as the API returns them.
struct EventEntryPage: Decodable, Sendable {
    let results: [EventEntry]
    /// Where the next page begins.
    let next: Int64?
}
