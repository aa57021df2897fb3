import CausewayGraphTypes

/// Graph's property names and their snake_case form, which Microsoft's Python SDK and authentik's mappings use.
struct PropertyNames: Sendable {
    private let snakeByGraph: [String: String]

    init(types: GraphTypes) {
        let names = Set(types.types.values.flatMap { $0.properties.keys })
        snakeByGraph = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.convert($0)) })
    }

    func snakeCase(_ name: String) -> String { snakeByGraph[name] ?? Self.convert(name) }

    static func convert(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase, !text.isEmpty { text.append("_") }
            text.append(contentsOf: character.lowercased())
        }
        return text
    }
}

extension Sequence<String> {
    /// The most similar name, if one is similar at all: for "did you mean".
    func nearest(to name: String) -> String? {
        let limit = Swift.max(2, name.count / 3)
        let near = map { ($0, $0.editDistance(to: name)) }.filter { $0.1 <= limit }
        return near.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}

extension String {
    /// How many letters must be inserted, removed or changed to get the other text (Levenshtein).
    func editDistance(to other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (index, letter) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let changed = diagonal + (other[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(changed, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[other.count]
    }
}
