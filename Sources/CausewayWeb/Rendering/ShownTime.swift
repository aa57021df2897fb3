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

    func templateValue(for viewer: Viewer) -> any Sendable {
        let (exact, relative) = (viewer.exact(date), viewer.relative(date))
        return Words(
            iso: date.formatted(.iso8601),
            full: viewer.full(date),
            exact: exact,
            second: viewer.second(date),
            words: relative ?? exact
        )
        .templateValue(for: viewer)
    }

    /// The content of a `<time>` element.
    private struct Words: TemplateValue {
        let iso: String
        /// For those who want to know it exactly: with seconds and zone.
        let full: String
        let exact: String
        let second: String
        let words: String
    }
}
