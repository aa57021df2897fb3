import CausewayJSON

/// Properties of users with a fixed set of words (Graph, user resource type, "Legal age group property definitions" and `userType`).
/// They are accepted in any letter case and shown as documented.
enum FixedWords {
    private static let words: [String: [String]] = [
        "userType": ["Member", "Guest"], "ageGroup": ["Minor", "NotAdult", "Adult"],
        "consentProvidedForMinor": ["Granted", "Denied", "NotRequired"],
    ]

    /// - Throws: ``GraphProblem`` if a property has another word; null is the absence of one.
    static func check(_ body: [String: JSONValue]) throws(GraphProblem) {
        for name in words.keys.sorted() {
            guard let text = body[name]?.string, spelling(of: text, in: name) == nil else { continue }
            throw .invalidValue(name, of: .user)
        }
    }

    /// The properties with their words as they are documented.
    static func spelled(_ body: [String: JSONValue]) -> [String: JSONValue] {
        body.merging(
            words.keys.compactMap { name in
                body[name]?.string.flatMap { spelling(of: $0, in: name) }.map { (name, .string($0)) }
            }
        ) { $1 }
    }

    private static func spelling(of text: String, in name: String) -> String? {
        words[name]?.first { $0.lowercased() == text.lowercased() }
    }
}
