import CausewayJSON
import Foundation

/// A change of the directory. All state follows from these changes, in their order: they are stored on disk, delta queries report
/// them, and replicas receive them later.
enum Mutation: Sendable {
    case create(id: String, EntryKind, [String: JSONValue])
    /// Properties that change; null removes one.
    case update(EntryIndex, [String: JSONValue])
    case delete(EntryIndex)
    case restore(EntryIndex)
    case purge(EntryIndex)
    case link(Relation, from: EntryIndex, to: EntryIndex)
    case unlink(Relation, from: EntryIndex, to: EntryIndex)
}

extension Mutation {
    /// A line of the tenant's file.
    func json(at date: Date) -> JSONValue {
        let time = JSONValue.number(date.timeIntervalSince1970)
        switch self {
        case .create(let id, let kind, let properties):
            return [time, "create", .string(id), .string(kind.rawValue), .object(properties)]
        case .update(let index, let changes): return [time, "update", .integer(Int64(index)), .object(changes)]
        case .delete(let index): return [time, "delete", .integer(Int64(index))]
        case .restore(let index): return [time, "restore", .integer(Int64(index))]
        case .purge(let index): return [time, "purge", .integer(Int64(index))]
        case .link(let relation, let from, let to): return Self.json(time, "link", relation, from, to)
        case .unlink(let relation, let from, let to): return Self.json(time, "unlink", relation, from, to)
        }
    }

    private static func json(
        _ time: JSONValue,
        _ verb: JSONValue,
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex
    ) -> JSONValue {
        [time, verb, .integer(Int64(relation.rawValue)), .integer(Int64(from)), .integer(Int64(to))]
    }

    /// Reads a line of the tenant's file.
    ///
    /// - Parameters:
    ///   - fields: of the whole line.
    ///   - count: the number of entries; a line may not name others.
    /// - Returns: nil if it is not a change.
    static func read(_ verb: String, _ fields: [JSONValue], count: Int) -> Mutation? {
        func index(_ number: Int) -> EntryIndex? {
            guard number < fields.count, let value = fields[number].integer, value >= 0, value < count else {
                return nil
            }
            return EntryIndex(value)
        }
        return mutation(verb, fields, index)
    }

    private static func mutation(_ verb: String, _ fields: [JSONValue], _ index: (Int) -> EntryIndex?) -> Mutation? {
        switch verb {
        case "create":
            guard fields.count == 5, let id = fields[2].string, let kind = fields[3].string.flatMap(EntryKind.init),
                let properties = fields[4].object
            else { return nil }
            return .create(id: id, kind, properties)
        case "update":
            guard fields.count == 4, let entry = index(2), let changes = fields[3].object else { return nil }
            return .update(entry, changes)
        case "delete": return index(2).map(Mutation.delete)
        case "restore": return index(2).map(Mutation.restore)
        case "purge": return index(2).map(Mutation.purge)
        case "link", "unlink":
            guard let relation = fields[2].integer.flatMap({ Relation(rawValue: UInt8(clamping: $0)) }),
                let from = index(3), let to = index(4)
            else { return nil }
            return verb == "link" ? .link(relation, from: from, to: to) : .unlink(relation, from: from, to: to)
        default: return nil
        }
    }
}
