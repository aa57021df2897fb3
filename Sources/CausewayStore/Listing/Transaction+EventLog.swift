import CausewayJSON
package import CausewayModel

/// Which events of the log are wanted; what is nil or empty filters nothing.
package struct EventLogFilter: Hashable, Sendable {
    package var action: String?
    /// Actions of one area.
    package var area: EventKind.Area?
    /// Who did it, exactly.
    package var actor: String?
    /// The type of the object that an event is about.
    package var objectType: String?
    /// The name of the object that an event is about, exactly.
    package var objectName: String?
    /// Objects that an event concerns, all of them.
    package var references: [EventReference] = []
    /// The first moment.
    package var from: Timestamp?
    /// The moment after the last.
    package var until: Timestamp?
    /// Words that must be found in action, app, actor, context, address or key.
    package var terms: [String] = []

    package init() {}
}

/// Events from one place of the log to an earlier one, the newest first.
package struct EventLogPage: Sendable {
    package let events: [Event]
    /// Where the next page begins; nil after the oldest event. A page can be short and still have a next one: a search looks through a
    /// limited number of events at once.
    package let next: Int64?
}

/// How many events a list or a chart looks through at once.
package struct EventLogLimits: Sendable {
    package var searched = 50_000
    /// The events that a search looks through first; then more.
    package var first = 500
    package var counted = 200_000

    package init() {}
}

// Every filter has an index that ends with the number, so the log is read in one order, from any place of it. The filter with the
// fewest events drives; the others are checked for each of its events. What is looked through is limited, however many events there are.

extension Transaction {
    /// The events before a place in the log, the newest first.
    ///
    /// - Parameters:
    ///   - place: ``EventLogPage/next`` of the page before; nil for the newest events.
    ///   - limit: the maximum number of events.
    package func eventLog(
        _ filter: EventLogFilter,
        before place: Int64? = nil,
        limit: Int,
        _ limits: EventLogLimits = EventLogLimits()
    ) throws -> EventLogPage {
        guard let query = try EventLogQuery(filter, in: self) else { return EventLogPage(events: [], next: nil) }
        var (found, searched, place) = ([Int64](), 0, place)
        var size = query.isWhole ? limit + 1 : limits.first
        while found.count <= limit {
            let numbers = try query.numbers(before: place, limit: size, in: self)
            found += try query.matching(numbers, in: self)
            searched += numbers.count
            guard numbers.count == size else { return try page(found, limit, end: nil) }
            place = numbers.last
            guard searched < limits.searched else { return try page(found, limit, end: place) }
            size = min(size * 4, 8000)
        }
        return try page(found, limit, end: place)
    }

    private func page(_ found: [Int64], _ limit: Int, end: Int64?) throws -> EventLogPage {
        let shown = Array(found.prefix(limit))
        return EventLogPage(events: try events(numbered: shown), next: found.count > limit ? shown.last : end)
    }

    private func events(numbered numbers: [Int64]) throws -> [Event] {
        try numbers.compactMap { try first("\(Self.events) WHERE e.number = ?", .integer($0), as: Self.event) }
    }

    /// The number of events of each action in each span of time, and the time from which on all are counted: nil if that is the whole time
    /// asked for.
    ///
    /// - Parameter span: the length of a span; spans begin at multiples of it.
    package func eventLogVolume(
        _ filter: EventLogFilter,
        span: Duration,
        _ limits: EventLogLimits = EventLogLimits()
    ) throws -> (counts: [EventCount], since: Timestamp?) {
        guard let query = try EventLogQuery(filter, in: self) else { return ([], nil) }
        let first = try query.number(after: limits.counted, in: self)
        let since = try first.flatMap { number in
            try self.first("SELECT e.created_at_ms FROM events e WHERE e.number = ?", .integer(number)) {
                try $0.timestamp("created_at_ms")
            }
        }
        let span = max(1, span.wholeMilliseconds)
        let from = [filter.from, since].compactMap(\.self).max()
        let counts =
            query.isEverything
            ? try countsOfAll(from: from, until: filter.until, span) : try query.counts(span, from: first, in: self)
        return (counts.sorted { ($0.time, $0.action) < ($1.time, $1.action) }, since)
    }

    /// The counts of all events, which an index has.
    private func countsOfAll(from: Timestamp?, until: Timestamp?, _ span: Int64) throws -> [EventCount] {
        try all(
            """
            SELECT e.action AS action, e.created_at_ms / ? AS span, COUNT(*) AS count FROM events e
            WHERE e.created_at_ms >= ? AND e.created_at_ms < ? GROUP BY 1, 2
            """,
            .integer(span),
            .integer(from?.milliseconds ?? 0),
            .integer(until?.milliseconds ?? .max)
        ) { try EventCount($0, span: span) }
    }

    /// The number of the first event from a moment on; nil if there is none.
    fileprivate func firstEvent(since time: Timestamp) throws -> Int64? {
        try first(
            "SELECT e.number FROM events e WHERE e.created_at_ms >= ? ORDER BY e.created_at_ms, e.number LIMIT 1",
            SQLValue(time)
        ) { try $0.integer("number") }
    }
}

/// How many events of an action there are in a span of time.
package struct EventCount: Hashable, Sendable {
    package let action: String
    package let time: Timestamp
    package let count: Int
}

/// The statements of a filter.
struct EventLogQuery {
    /// Selects numbers of events, without an order.
    private let driver: String
    private let number: String
    private var driverBounds = ""
    private(set) var driverArguments: [SQLValue]
    /// Whether no filter but that of the time is set.
    let isEverything: Bool
    private var conditions: [String] = []
    private var arguments: [SQLValue] = []

    /// Columns with an index; the one that is likely to find the fewest events comes first.
    private static let columns: [(name: String, path: any WritableKeyPath<EventLogFilter, String?> & Sendable)] = [
        ("e.object_name", \.objectName), ("e.action", \.action), ("e.actor", \.actor), ("e.object_type", \.objectType),
    ]

    /// - Returns: nil if nothing can match.
    init?(_ filter: EventLogFilter, in transaction: Transaction) throws {
        var timeless = filter
        (timeless.from, timeless.until) = (nil, nil)
        isEverything = timeless == EventLogFilter()
        var filter = filter
        // The context has these characters in an escaped form, and the other texts as they are.
        let parts = filter.terms.flatMap { $0.split { $0 == "\"" || $0 == "\\" }.map(String.init) }
        if let found = transaction.connection.dialect.eventsWithParts(parts) {
            (driver, number, driverArguments) = found
        } else if let reference = filter.references.first {
            (driver, number) = ("event_objects o WHERE o.object_type = ? AND o.object_key = ?", "o.number")
            driverArguments = [.text(reference.type), .text(reference.key)]
            filter.references.removeFirst()
        } else {
            number = "e.number"
            let column = Self.columns.first { filter[keyPath: $0.path] != nil }
            if let column, let value = filter[keyPath: column.path] {
                (driver, driverArguments) = ("events e WHERE \(column.name) = ?", [.text(value)])
                filter[keyPath: column.path] = nil
            } else {
                (driver, driverArguments) = ("events e WHERE e.number > ?", [.integer(0)])
            }
        }
        guard let bounds = try Self.bounds(filter, in: transaction) else { return nil }
        for (comparison, bound) in bounds {
            driverBounds += " AND \(number) \(comparison) ?"
            driverArguments.append(bound)
        }
        addConditions(filter)
    }

    /// The numbers between two moments; nil if there are none.
    private static func bounds(_ filter: EventLogFilter, in transaction: Transaction) throws -> [(String, SQLValue)]? {
        var bounds: [(String, SQLValue)] = []
        if let from = filter.from {
            guard let first = try transaction.firstEvent(since: from) else { return nil }
            bounds.append((">=", .integer(first)))
        }
        if let until = filter.until, let end = try transaction.firstEvent(since: until) {
            bounds.append(("<", .integer(end)))
        }
        return bounds
    }

    private mutating func add(_ sql: String, _ values: SQLValue...) {
        conditions.append(sql)
        arguments += values
    }

    private mutating func addConditions(_ filter: EventLogFilter) {
        for column in Self.columns {
            if let value = filter[keyPath: column.path] { add("\(column.name) = ?", .text(value)) }
        }
        if let area = filter.area {
            // Runs are the area of all actions that are not Causeway's, too.
            let isRuns = area == .runs
            let kinds = EventKind.allCases.filter { ($0.area == area) != isRuns }
            let list = SQLList(kinds.map { .text($0.rawValue) })
            conditions.append("e.action \(isRuns ? "NOT IN" : "IN") \(list.sql)")
            arguments += list.arguments
        }
        for reference in filter.references {
            add(
                "EXISTS (SELECT 1 FROM event_objects p WHERE p.object_type = ? AND p.object_key = ? AND p.number = e.number)",
                .text(reference.type),
                .text(reference.key)
            )
        }
        for term in filter.terms {
            let columns = ["e.context", "e.actor", "e.action", "e.id", "e.app", "COALESCE(e.client_ip, '')"]
            conditions.append("(\(columns.map { "\($0) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ")))")
            let pattern = SQLValue.text(term.patternOfPart)
            arguments += [.text(term.escapedForJSON.patternOfPart)] + columns.dropFirst().map { _ in pattern }
        }
    }

    /// Whether the driver alone decides.
    var isWhole: Bool { conditions.isEmpty }

    /// Selects numbers of the driver before a place, the highest first.
    var page: String {
        "SELECT \(number) AS number FROM \(driver)\(driverBounds) AND \(number) < ? ORDER BY \(number) DESC LIMIT ?"
    }

    /// Numbers of the driver before a place, the highest first.
    func numbers(before place: Int64?, limit: Int, in transaction: Transaction) throws -> [Int64] {
        let values: [SQLValue] = driverArguments + [.integer(place ?? .max), .integer(Int64(limit))]
        return try transaction.all(page, values) { try $0.integer("number") }
    }

    /// The lowest of the highest numbers of the driver; nil if it has fewer.
    func number(after count: Int, in transaction: Transaction) throws -> Int64? {
        let sql = "SELECT \(number) AS number FROM \(driver)\(driverBounds) ORDER BY \(number) DESC LIMIT 1 OFFSET ?"
        return try transaction.all(sql, driverArguments + [.integer(Int64(count))]) { try $0.integer("number") }.first
    }

    /// Those of some numbers that match, in their order.
    func matching(_ numbers: [Int64], in transaction: Transaction) throws -> [Int64] {
        guard !isWhole, !numbers.isEmpty else { return numbers }
        let list = SQLList(numbers.map { .integer($0) })
        let sql = """
            SELECT e.number AS number FROM events e WHERE e.number IN \(list.sql) AND \(conditions.joined(separator: " AND "))
            """
        let found = Set(try transaction.all(sql, list.arguments + arguments) { try $0.integer("number") })
        return numbers.filter(found.contains)
    }

    /// - Parameter first: the number from which on events count; nil for all.
    func counts(_ span: Int64, from first: Int64?, in transaction: Transaction) throws -> [EventCount] {
        let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let sql = """
            SELECT e.action AS action, e.created_at_ms / ? AS span, COUNT(*) AS count
            FROM (SELECT \(number) AS number FROM \(driver)\(driverBounds) AND \(number) >= ?) AS d
            JOIN events e ON e.number = d.number\(condition) GROUP BY 1, 2
            """
        let values: [SQLValue] = [.integer(span)] + driverArguments + [.integer(first ?? 0)] + arguments
        return try transaction.all(sql, values) { try EventCount($0, span: span) }
    }
}

extension EventCount {
    /// - Parameter span: the length of the row's `span`, in milliseconds.
    fileprivate init(_ row: SQLRow, span: Int64) throws {
        self.init(
            action: try row.text("action"),
            time: Timestamp(milliseconds: try row.integer("span") * span),
            count: try row.int("count")
        )
    }
}

extension String {
    /// The text as it stands within the quotation marks of a JSON text.
    fileprivate var escapedForJSON: String { String(JSONValue.string(self).text.dropFirst().dropLast()) }
}
