import CausewayJSON
import Foundation

/// Where a round of delta queries continues, as an opaque text that carries the first request's options.
struct DeltaToken: Sendable, Equatable {
    enum Phase: String, Sendable {
        /// All objects, from an entry and one of its links on.
        case full
        /// Changes, from a number on.
        case changes
        /// The end of a round: the next asks for changes.
        case link
    }

    /// The tenant's life that the token belongs to, and the number of resets before it.
    struct Origin: Sendable, Equatable {
        let mark: String
        let epoch: Int
    }

    /// The next link to report, by its target, so that links that have since been removed make no difference.
    struct LinkPlace: Sendable, Equatable {
        let relation: Relation
        let target: EntryIndex
    }

    var phase: Phase
    let kind: EntryKind
    let selection: [String]?
    let ids: [String]?
    let origin: Origin
    /// The next entry of a full round.
    var entry = 0
    /// Nil for all of the entry.
    var link: LinkPlace?
    /// The next change.
    var from: Int
    /// The last change of this round.
    var end: Int
    var issued: Date

    /// Which links are reported: the selected ones, and by default all of a group's members.
    var relations: [Relation] {
        guard let selection else { return kind == .group ? [.members] : [] }
        return Relation.allCases.filter { selection.contains($0.name) }
    }

    /// The properties that were selected, without links; nil for the default set.
    var properties: [String]? {
        selection?.filter { name in !Relation.allCases.contains { $0.name == name } }
    }

    func admits(_ entry: DirectoryEntry) -> Bool { entry.kind == kind && ids?.contains(entry.id) ?? true }

    /// Whether one of these properties is reported.
    func asks(for names: Set<String>) -> Bool { selection.map { !names.isDisjoint(with: $0) } ?? true }
}

extension DeltaToken {
    /// Base64url of JSON: it is not meant to be read, and reading it does no harm.
    var text: String {
        let json: JSONValue = [
            "h": .string(phase.rawValue), "k": .string(kind.rawValue), "s": selection.map { JSONValue($0) } ?? .null,
            "i": ids.map { JSONValue($0) } ?? .null, "o": .string(origin.mark), "r": .integer(Int64(origin.epoch)),
            "e": .integer(Int64(entry)),
            "l": link.map { [.integer(Int64($0.relation.rawValue)), .integer(Int64($0.target))] } ?? .null,
            "f": .integer(Int64(from)), "n": .integer(Int64(end)), "t": .number(issued.timeIntervalSince1970),
        ]
        return json.bytes.base64URL
    }

    /// - Returns: nil if the text is not a token.
    init?(_ text: String) {
        guard let bytes = Data(base64URL: text), let json = try? JSONValue(parsing: bytes),
            let phase = json["h"]?.string.flatMap(Phase.init), let kind = json["k"]?.string.flatMap(EntryKind.init),
            let mark = json["o"]?.string, let epoch = json["r"]?.integer, let entry = json["e"]?.integer,
            let from = json["f"]?.integer, let end = json["n"]?.integer, let time = json["t"]?.double,
            min(entry, from, end) >= 0
        else { return nil }
        self.init(
            phase: phase,
            kind: kind,
            selection: json["s"]?.array?.compactMap(\.string),
            ids: json["i"]?.array?.compactMap(\.string),
            origin: Origin(mark: mark, epoch: Int(epoch)),
            entry: Int(entry),
            link: json["l"]?.array.flatMap(LinkPlace.init),
            from: Int(from),
            end: Int(end),
            issued: Date(timeIntervalSince1970: time)
        )
    }
}

extension DeltaToken.LinkPlace {
    fileprivate init?(_ json: [JSONValue]) {
        guard json.count == 2, let relation = json[0].integer.flatMap({ Relation(rawValue: UInt8(clamping: $0)) }),
            let target = json[1].integer
        else { return nil }
        self.init(relation: relation, target: EntryIndex(clamping: target))
    }
}
