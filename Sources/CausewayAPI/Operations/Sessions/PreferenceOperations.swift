import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway/preferences/`: the language and the time zone in which the caller reads the interface.
enum PreferenceOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_preferences_retrieve": { try await retrieve($0) },
        "causeway_preferences_partial_update": { try await update($0) },
    ]

    private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        return .ok(.object(try await request.store.read { try $0.preferences(of: user.id) }.json))
    }

    private static func update(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        guard !request.body.isEmpty else {
            throw APIError.invalid("non_field_errors", "Name what to change: language or time_zone.")
        }
        let preferences = try await request.store.write { transaction in
            var preferences = try transaction.preferences(of: user.id)
            if request.body["language"] != nil { preferences.language = request.word("language") }
            if let zone = request.body["time_zone"] { preferences.timeZone = zone.string }
            try preferences.validate()
            try transaction.setPreferences(preferences, of: user.id)
            return preferences
        }
        return .ok(.object(preferences.json))
    }
}

extension AccountPreferences {
    /// The preferences as the API returns them; null stands for the browser's.
    var json: [String: JSONValue] {
        ["language": JSONValue(language?.rawValue), "time_zone": JSONValue(timeZone)]
    }
}
