import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("The log of events in the store")
struct EventLogTests {
    private static let group = EventReference("group", "6f1c1c9e-0000-4000-8000-000000000001")

    /// Thirty events: of three people, about users and groups in turn, one each minute.
    private static func fill(_ transaction: Transaction) throws {
        for number in 0..<30 {
            let type = number % 2 == 0 ? "user" : "group"
            let object = EventObject(app: "authentik_core", type: type, key: "\(number)", name: "object \(number)")
            let change = FieldChange("name", from: .string("before \(number)"), to: .string("Éclair-\(number)"))
            let event = Event(
                number % 3 == 0 ? .created : .updated,
                about: object,
                [change].compactMap(\.self),
                details: number == 11 ? ["tag": "zq"] : [:],
                related: number < 10 ? [Self.group, .provider(ProviderID(Int64(number % 2)))] : [],
                by: EventOrigin(actor: "person\(number % 3)", channel: .api),
                at: Timestamp(milliseconds: Int64(number) * 60_000)
            )
            try transaction.insertEvent(event)
        }
    }

    private static func numbers(_ page: EventLogPage) -> [Int] {
        page.events.compactMap { $0.object?.name.split(separator: " ").last.flatMap { Int($0) } }
    }

    private static func found(_ transaction: Transaction, _ change: (inout EventLogFilter) -> Void) throws -> [Int] {
        var filter = EventLogFilter()
        change(&filter)
        return numbers(try transaction.eventLog(filter, limit: 100))
    }

    @Test("each filter finds what it says, alone and with others, the newest first")
    func filters() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                let all = Array((0..<30).reversed())
                #expect(try Self.found(transaction) { _ in } == all)
                #expect(try Self.found(transaction) { $0.action = "model_created" } == all.filter { $0 % 3 == 0 })
                #expect(try Self.found(transaction) { $0.area = .changes } == all)
                #expect(try Self.found(transaction) { $0.area = .problems }.isEmpty)
                #expect(try Self.found(transaction) { $0.actor = "person1" } == all.filter { $0 % 3 == 1 })
                #expect(try Self.found(transaction) { $0.objectType = "group" } == all.filter { $0 % 2 == 1 })
                #expect(try Self.found(transaction) { $0.objectName = "object 7" } == [7])
                #expect(try Self.found(transaction) { $0.references = [Self.group] } == Array((0..<10).reversed()))
                #expect(try Self.found(transaction) { $0.references = [EventReference("user", "12")] } == [12])
                let both = try Self.found(transaction) { $0.references = [Self.group, .provider(ProviderID(1))] }
                #expect(both == [9, 7, 5, 3, 1])
                let combined = try Self.found(transaction) {
                    ($0.actor, $0.objectType, $0.action) = ("person0", "group", "model_created")
                }
                #expect(combined == all.filter { $0 % 3 == 0 && $0 % 2 == 1 })
            }
        }
    }

    @Test("actions of others belong to the runs, and words are found with quotation marks and backslashes")
    func others() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try transaction.insertEvent(
                    Event(
                        action: "custom_nightly",
                        app: "mappings",
                        actor: "causeway",
                        context: ["who": "CORP\\ada", "said": "a \"quoted\" word"],
                        created: transaction.now
                    )
                )
                let areas = try [EventKind.Area.runs, .changes].map { area in
                    var filter = EventLogFilter()
                    filter.area = area
                    return try transaction.eventLog(filter, limit: 10).events.count
                }
                #expect(areas == [1, 0])
                let words = try ["corp\\ada", "corp\\bob", "\"quoted\"", "\"word\""].map { word in
                    var filter = EventLogFilter()
                    filter.terms = [word]
                    return try transaction.eventLog(filter, limit: 10).events.count
                }
                #expect(words == [1, 0, 1, 0])
            }
        }
    }

    @Test("a time finds the events from its first moment to before its last")
    func time() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                func minute(_ number: Int64) -> Timestamp { Timestamp(milliseconds: number * 60_000) }
                #expect(try Self.found(transaction) { $0.from = minute(27) } == [29, 28, 27])
                #expect(try Self.found(transaction) { $0.until = minute(2) } == [1, 0])
                let between = try Self.found(transaction) { ($0.from, $0.until) = (minute(4), minute(6)) }
                #expect(between == [5, 4])
                #expect(try Self.found(transaction) { $0.from = minute(99) }.isEmpty)
                let some = try Self.found(transaction) { ($0.from, $0.actor) = (minute(20), "person2") }
                #expect(some == [29, 26, 23, 20])
            }
        }
    }

    @Test(
        "words are found wherever they stand, whatever their case, and short ones too; a changed event is found by its new words"
    )
    func words() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                #expect(try Self.found(transaction) { $0.terms = ["before 17"] } == [17])
                #expect(try Self.found(transaction) { $0.terms = ["BEFORE 17"] } == [17])
                #expect(try Self.found(transaction) { $0.terms = ["Éclair-29"] } == [29])
                #expect(try Self.found(transaction) { $0.terms = ["before", "person2", "model_created"] }.isEmpty)
                #expect(try Self.found(transaction) { $0.terms = ["zq"] } == [11])
                #expect(try Self.found(transaction) { $0.terms = ["100%"] }.isEmpty)
                let old = try #require(try transaction.eventLog(EventLogFilter(), limit: 1).events.first)
                let changed = Event(
                    id: old.id,
                    action: "custom_note",
                    app: old.app,
                    actor: old.actor,
                    context: ["note": "a marmot"],
                    created: old.created
                )
                try transaction.updateEvent(changed)
                var filter = EventLogFilter()
                filter.terms = ["marmot"]
                #expect(try transaction.eventLog(filter, limit: 10).events.map(\.id) == [old.id])
                #expect(try Self.found(transaction) { $0.terms = ["before 29"] }.isEmpty)
                try transaction.deleteEvent(old.id)
                #expect(try transaction.eventLog(filter, limit: 10).events.isEmpty)
                let left = try transaction.count("SELECT COUNT(*) AS count FROM event_objects WHERE object_key = '29'")
                #expect(left == 0)
            }
        }
    }

    @Test("pages follow each other without gaps, also if new events come and a search looks through little at once")
    func pages() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                var limits = EventLogLimits()
                (limits.searched, limits.first) = (1, 3)
                for change: (inout EventLogFilter) -> Void in [
                    { _ in }, { $0.area = .changes }, { $0.objectName = "object 3" }, { $0.terms = ["object 1"] },
                ] {
                    var filter = EventLogFilter()
                    change(&filter)
                    let whole = try transaction.eventLog(filter, limit: 100).events.map(\.id)
                    var (place, parts) = (Int64?.none, [UUID]())
                    repeat {
                        let page = try transaction.eventLog(filter, before: place, limit: 4, limits)
                        #expect(page.events.count <= 4)
                        parts += page.events.map(\.id)
                        place = page.next
                        let event = EventObject(app: "a", type: "user", key: "new", name: "object 1")
                        let origin = EventOrigin(actor: "later", channel: .api)
                        try transaction.insertEvent(Event(.deleted, about: event, by: origin, at: transaction.now))
                    } while place != nil
                    #expect(parts == whole)
                }
            }
        }
    }

    @Test("the volume counts actions in spans, and says from when on if there are too many events")
    func volume() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                let span = Duration.seconds(600)
                let (counts, since) = try transaction.eventLogVolume(EventLogFilter(), span: span)
                #expect(since == nil && counts.reduce(0) { $0 + $1.count } == 30)
                #expect(counts.filter { $0.action == "model_created" }.map(\.count) == [4, 3, 3])
                var filter = EventLogFilter()
                filter.actor = "person0"
                let own = try transaction.eventLogVolume(filter, span: span).counts
                #expect(own.map(\.action) == ["model_created", "model_created", "model_created"])
                filter.terms = ["before 1"]
                let found = try transaction.eventLogVolume(filter, span: span).counts
                #expect(found.reduce(0) { $0 + $1.count } == 3, "12, 15 and 18: \(found)")
                var limits = EventLogLimits()
                limits.counted = 10
                let last = try transaction.eventLogVolume(EventLogFilter(), span: span, limits)
                #expect(last.since == Timestamp(milliseconds: 19 * 60_000))
                #expect(last.counts.reduce(0) { $0 + $1.count } == 11)
            }
        }
    }

    @Test("no filter reads the whole log: each is found by an index", .onlySQLite)
    func indexes() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                try Self.fill(transaction)
                let plans = try EventLogPlans.plans(in: transaction)
                #expect(plans.count == 8)
                for (name, steps) in plans {
                    #expect(!steps.isEmpty && steps.allSatisfy { !$0.hasPrefix("SCAN e") }, "\(name): \(steps)")
                    #expect(steps.allSatisfy { !$0.contains("TEMP B-TREE FOR ORDER BY") }, "\(name): \(steps)")
                }
            }
        }
    }
}

/// How SQLite finds the numbers of each filter.
private enum EventLogPlans {
    static func plans(in transaction: Transaction) throws -> [(String, [String])] {
        let filters: [(String, (inout EventLogFilter) -> Void)] = [
            ("everything", { _ in }), ("action", { $0.action = "model_created" }), ("actor", { $0.actor = "a" }),
            ("type", { $0.objectType = "user" }), ("name", { $0.objectName = "n" }),
            ("object", { $0.references = [EventReference("user", "1")] }), ("words", { $0.terms = ["word"] }),
            ("time", { $0.from = Timestamp(milliseconds: 60_000) }),
        ]
        return try filters.map { name, change in
            var filter = EventLogFilter()
            change(&filter)
            let steps = try plan(filter, in: transaction)
            return (name, steps)
        }
    }

    private static func plan(_ filter: EventLogFilter, in transaction: Transaction) throws -> [String] {
        guard let query = try EventLogQuery(filter, in: transaction) else { return [] }
        let values = query.driverArguments + [.integer(.max), .integer(50)]
        return try transaction.all("EXPLAIN QUERY PLAN \(query.page)", values) { try $0.text("detail") }
    }
}
