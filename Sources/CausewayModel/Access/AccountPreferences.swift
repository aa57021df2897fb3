import Foundation

/// The languages of the interface.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case german = "de"

    /// The language's own name.
    package var title: String {
        switch self {
        case .english: "English"
        case .german: "Deutsch"
        }
    }
}

/// How a person wants to read the interface.
package struct AccountPreferences: Hashable, Sendable {
    /// Nil for the browser's language.
    package var language: Language?
    /// A name of the IANA time zone database, such as `Europe/Berlin`; nil for the browser's time zone.
    package var timeZone: String?

    package init(language: Language? = nil, timeZone: String? = nil) {
        self.language = language
        self.timeZone = timeZone
    }

    /// - Throws: `ValidationError` if this system does not know the time zone.
    package func validate() throws(ValidationError) {
        guard let timeZone, !Self.timeZones.contains(timeZone) else { return }
        throw ValidationError("time_zone", "'\(timeZone)' is not a time zone. Write a name such as Europe/Berlin.")
    }

    /// The names of the time zones that this system knows, in order.
    package static var timeZones: [String] { ["UTC"] + TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } }
}
