import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("Texts that are kept for a while")
struct KeptTextTests {
    private static let kind = KeptTextKind(name: "form", most: 3, mostBytes: 1000, lifetime: .seconds(3600))
    private static let other = KeptTextKind(name: "import", most: 3, mostBytes: 1000, lifetime: .seconds(3600))

    private static func keep(_ text: String, _ key: UInt8, of owner: UInt8 = 1, _ store: Store) async throws {
        try await store.write { try $0.keep(Secret(text), as: kind, keyHash: [key], ownerHash: [owner]) }
    }

    private static func text(_ key: UInt8, of owner: UInt8 = 1, kind: KeptTextKind = kind, _ store: Store)
        async throws
        -> String?
    {
        try await store.read { try $0.keptText(kind, keyHash: [key], ownerHash: [owner])?.revealed }
    }

    private static func hasText(_ kind: KeptTextKind, _ store: Store) async throws -> Bool {
        try await store.read { try $0.hasKeptText(kind, ownerHash: [1]) }
    }

    @Test("another node finds a text by its key and owner, for its time; the database has it sealed")
    func found() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let node = try await temporary.open(clock: { clock.now })
            defer { try? node.close() }
            try await Self.keep("Ada Lovelace", 7, temporary.store)
            #expect(try await Self.text(7, node) == "Ada Lovelace")
            #expect(try await Self.text(7, of: 2, node) == nil)
            #expect(try await Self.text(8, node) == nil)
            #expect(try await Self.text(7, kind: Self.other, node) == nil)
            #expect(try await Self.hasText(Self.kind, node))
            #expect(try await !Self.hasText(Self.other, node))
            let stored = try await node.read { transaction in
                try transaction.all("SELECT text_sealed FROM kept_texts") { try $0.blob("text_sealed") }
            }
            #expect(stored.count == 1)
            #expect(stored.allSatisfy { $0.firstRange(of: Array("Lovelace".utf8)) == nil })
            clock.turn(by: .seconds(3600))
            #expect(try await Self.text(7, node) == nil)
            #expect(try await !Self.hasText(Self.kind, node))
        }
    }

    @Test("the oldest give way, by number and by bytes, and the latest one stays")
    func bounded() async throws {
        try await StoreFixture.with { temporary in
            let store = temporary.store
            try await store.write { try $0.keep(Secret("o"), as: Self.other, keyHash: [9], ownerHash: [1]) }
            for key in 1...4 as ClosedRange<UInt8> { try await Self.keep("short", key, store) }
            #expect(try await Self.text(1, store) == nil)
            for key in 2...4 as ClosedRange<UInt8> { #expect(try await Self.text(key, store) == "short") }
            try await Self.keep(String(repeating: "x", count: 930), 5, store)
            #expect(try await Self.text(3, store) == nil)
            #expect(try await Self.text(4, store) == "short")
            try await Self.keep(String(repeating: "y", count: 2000), 6, store)
            #expect(try await Self.text(5, store) == nil)
            #expect(try await Self.text(6, store)?.count == 2000)
            #expect(try await Self.text(9, kind: Self.other, store) == "o")
        }
    }

    @Test("the housekeeper deletes what is a day old; a lost key takes all of it")
    func deleted() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            func count() async throws -> Int {
                try await store.read { try $0.count("SELECT COUNT(*) AS count FROM kept_texts") }
            }
            try await Self.keep("old", 1, store)
            let trimmer = Trimmer(store: store, retention: .standard, rest: {})
            clock.turn(by: .seconds(86_399))
            try await trimmer.run()
            #expect(try await count() == 1)
            clock.turn(by: .seconds(1))
            try await trimmer.run()
            #expect(try await count() == 0)
            try await Self.keep("new", 2, store)
            _ = try await store.write { try $0.forgetSecrets() }
            #expect(try await count() == 0)
        }
    }
}
