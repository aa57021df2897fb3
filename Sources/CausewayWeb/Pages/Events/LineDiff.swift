/// The difference of two texts, line by line.
struct LineDiff: Sendable {
    enum Kind: String, Sendable { case same, removed, added, omitted }

    struct Line: Sendable, Equatable {
        let kind: Kind
        let text: String
    }

    let lines: [Line]

    /// How many unchanged lines are kept around each change.
    private static let context = 3
    /// Texts with more lines are compared as a whole: the time grows with the product of lines and changes.
    private static let longest = 2000

    init(from old: String, to new: String) {
        let (old, new) = (Self.split(old), Self.split(new))
        guard max(old.count, new.count) <= Self.longest else {
            lines = old.map { Line(kind: .removed, text: $0) } + new.map { Line(kind: .added, text: $0) }
            return
        }
        lines = Self.folded(Self.merged(old, new))
    }

    private static func split(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// All lines of both, in order: those that were removed before those that were added in their place.
    private static func merged(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(\.offset))
        let added = Set(difference.insertions.map(\.offset))
        var (lines, next) = ([Line](), 0)
        for (index, text) in old.enumerated() {
            if removed.contains(index) {
                lines.append(Line(kind: .removed, text: text))
                continue
            }
            while added.contains(next) {
                lines.append(Line(kind: .added, text: new[next]))
                next += 1
            }
            lines.append(Line(kind: .same, text: text))
            next += 1
        }
        return lines + new[next...].map { Line(kind: .added, text: $0) }
    }

    /// Without the unchanged lines that are far from every change.
    private static func folded(_ lines: [Line]) -> [Line] {
        let changed = lines.indices.filter { lines[$0].kind != .same }
        var near: Set<Int> = []
        for index in changed { near.formUnion(index - context...index + context) }
        var shown: [Line] = []
        for (index, line) in lines.enumerated() {
            if near.contains(index) {
                shown.append(line)
            } else if shown.last?.kind != .omitted {
                shown.append(Line(kind: .omitted, text: ""))
            }
        }
        return shown
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
