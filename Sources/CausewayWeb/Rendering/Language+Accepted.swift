import CausewayModel

extension Language {
    /// The first language of a browser's `Accept-Language` header that the interface has (RFC 9110, section 12.5.4).
    init(accepted header: String?) {
        let ranges = (header ?? "").split(separator: ",").enumerated().compactMap { Self.range($1, at: $0) }
        let wanted = ranges.sorted { ($1.quality, $0.position) < ($0.quality, $1.position) }
        self = wanted.lazy.compactMap { Language(rawValue: $0.language) }.first ?? .english
    }

    /// A language of the header with its quality; nil if the header excludes it.
    private static func range(_ text: Substring, at position: Int) -> (
        language: String, quality: Double, position: Int
    )? {
        let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
        guard let tag = parts.first?.split(separator: "-").first else { return nil }
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
        return weight > 0 ? (tag.lowercased(), weight, position) : nil
    }
}
