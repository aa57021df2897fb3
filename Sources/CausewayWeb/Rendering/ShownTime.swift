import Foundation

/// A time on a page. It is put into words when the page is rendered: in the viewer's language and time zone.
struct ShownTime: TemplateValue, Equatable {
    let date: Date

    init(date: Date) { self.date = date }

    /// - Parameter text: a time as the API writes it (RFC 3339). Another text returns nil.
    init?(_ text: String?) {
        guard let text, let date = Self.date(text) else { return nil }
        self.date = date
    }

    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
    }

    func templateValue(for viewer: Viewer) -> any Sendable { viewer.words(of: date).templateValue(for: viewer) }
}
