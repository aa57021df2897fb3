import CausewayJSON
import Foundation

/// Where a round of delta queries goes on, as an opaque text that carries the first request's options.
struct DeltaToken: Sendable, Equatable {
    enum Phase: String, Sendable {
        /// Everything that is there, from an entry and one of its members on.
        case full
        /// Changes, from a number on.
        case changes
        /// The end of a round: the next asks for changes.
        case link
    }

    var phase: Phase
    var kind: EntryKind
    var selection: [String]?
    var ids: [String]?
    /// The next entry of a full round.
    var entry = 0
    var member = 0
    /// The next change.
    var from: Int
    /// Up to which change this round goes.
    var end: Int
    var issued: Date

    /// Base64url of JSON: nobody is meant to read it, and nothing is lost if somebody does.
    var text: String {
        let json: JSONValue = [
            "h": .string(phase.rawValue), "k": .string(kind.rawValue), "s": selection.map { JSONValue($0) } ?? .null,
            "i": ids.map { JSONValue($0) } ?? .null, "e": .integer(Int64(entry)), "m": .integer(Int64(member)),
            "f": .integer(Int64(from)), "n": .integer(Int64(end)), "t": .number(issued.timeIntervalSince1970),
        ]
        return json.bytes.base64URL
    }

    init(phase: Phase, kind: EntryKind, selection: [String]?, ids: [String]?, from: Int, end: Int, issued: Date) {
        (self.phase, self.kind, self.selection, self.ids) = (phase, kind, selection, ids)
        (self.from, self.end, self.issued) = (from, end, issued)
    }

    /// - Returns: nil where the text is no token.
    init?(_ text: String) {
        guard let bytes = Data(base64URL: text), let json = try? JSONValue(parsing: bytes),
            let phase = json["h"]?.string.flatMap(Phase.init), let kind = json["k"]?.string.flatMap(EntryKind.init),
            let entry = json["e"]?.integer, let member = json["m"]?.integer, let from = json["f"]?.integer,
            let end = json["n"]?.integer, let time = json["t"]?.double, min(entry, member, from, end) >= 0
        else { return nil }
        self.init(
            phase: phase,
            kind: kind,
            selection: json["s"]?.array?.compactMap(\.string),
            ids: json["i"]?.array?.compactMap(\.string),
            from: Int(from),
            end: Int(end),
            issued: Date(timeIntervalSince1970: time)
        )
        (self.entry, self.member) = (Int(entry), Int(member))
    }
}
