import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// The language and the time zone in which the signed-in user reads the interface.
struct PreferencePages: Sendable {
    let texts: Texts

    var routes: [PageRoute] { [PageRoute(.post, Address.account("preferences")) { try await update($0) }] }

    /// The preferences as the API returns them.
    private struct PreferencesView: Decodable {
        let language: String?
        let timeZone: String?
    }

    func section(_ request: PageRequest) async throws -> PreferenceSection {
        let view = try await request.api.get("/causeway/preferences/", as: PreferencesView.self)
        let languages = Language.allCases.map {
            ChoiceOption(value: $0.rawValue, label: $0.title, isChosen: $0.rawValue == view.language)
        }
        let zones = AccountPreferences.timeZones.map {
            ChoiceOption(value: $0, label: $0, isChosen: $0 == view.timeZone)
        }
        return PreferenceSection(languages: languages, zones: zones)
    }

    private func update(_ request: PageRequest) async throws -> PageResponse {
        let names = ["language", "time_zone"]
        let values = names.map { name in (name, request.form[name].flatMap { $0.isEmpty ? nil : $0 }) }
        let body = Dictionary(uniqueKeysWithValues: values.map { ($0.0, JSONValue($0.1)) })
        _ = try await request.api.send(.patch, "/causeway/preferences/", .object(body)).expected()
        return .redirect(to: .account, done: "updated")
    }
}

/// The part of the template `account` with the preferences.
struct PreferenceSection: TemplatePart {
    let languages: [ChoiceOption]
    let zones: [ChoiceOption]
}
