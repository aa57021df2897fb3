import CausewayJSON
import Foundation

/// A line of a tenant's file.
enum JournalLine: Sendable {
    case change(Mutation)
    /// The settings with which the tenant was started.
    case settings(JSONValue)
    /// Settings that were changed while it ran.
    case changedSettings(JSONValue)
    /// The clock was changed; the line's own time is the new one.
    case clock(KeptClock)
    /// All delta tokens ended.
    case deltaReset
    /// The file's mark, which distinguishes its delta tokens from those of others.
    case mark(String)
}

extension JournalLine {
    func json(at date: Date) -> JSONValue {
        let time = JSONValue.number(date.timeIntervalSince1970)
        return switch self {
        case .change(let mutation): mutation.json(at: date)
        case .settings(let settings): [time, "settings", settings]
        case .changedSettings(let settings): [time, "changed_settings", settings]
        case .clock(let clock): [time, "clock", .bool(clock.isFrozen), .number(clock.offset)]
        case .deltaReset: [time, "delta_reset", .null]
        case .mark(let mark): [time, "mark", .string(mark)]
        }
    }

    /// - Parameter count: the number of entries; a line may not name others.
    /// - Returns: nil if it is not such a line.
    static func read(_ json: JSONValue, count: Int) -> (JournalLine, Date)? {
        guard let fields = json.array, fields.count >= 3, let time = fields[0].double, let verb = fields[1].string
        else { return nil }
        let line: JournalLine? =
            switch verb {
            case "settings": fields[2].object == nil ? nil : .settings(fields[2])
            case "changed_settings": fields[2].object == nil ? nil : .changedSettings(fields[2])
            case "clock":
                if fields.count == 4, let isFrozen = fields[2].bool, let offset = fields[3].double {
                    .clock(KeptClock(isFrozen: isFrozen, offset: offset))
                } else {
                    nil
                }
            case "delta_reset": .deltaReset
            case "mark": fields[2].string.map { .mark($0) }
            default: Mutation.read(verb, fields, count: count).map { .change($0) }
            }
        return line.map { ($0, Date(timeIntervalSince1970: time)) }
    }
}

/// How a tenant's clock was changed.
struct KeptClock: Sendable {
    let isFrozen: Bool
    /// Seconds by which it is ahead of the system's.
    let offset: Double
}

/// The content of a tenant's file.
struct KeptTenant: Sendable {
    var directory = TenantDirectory()
    var settings: JSONValue?
    var changedSettings: [String: JSONValue] = [:]
    var clock: KeptClock?
    var deltaEpoch = 0
    var mark: String?
    /// The time of its last line.
    var latest: Date?

    mutating func take(_ line: JournalLine, at date: Date) {
        latest = date
        switch line {
        case .change(let mutation): directory.apply(mutation, at: date)
        case .settings(let given): settings = given
        case .changedSettings(let changes): changedSettings.merge(changes.object ?? [:]) { $1 }
        case .clock(let given): clock = given
        case .deltaReset: deltaEpoch += 1
        case .mark(let given): mark = given
        }
    }
}
