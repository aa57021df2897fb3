import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("The columns of fields")
struct FieldColumnTests {
    @Test("the store writes and reads each field of each record by itself")
    func stored() async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.write { transaction in
                try Self.users(transaction)
                try Self.groups(transaction)
                try Self.applications(transaction)
                try Self.mappings(transaction)
                try Self.tokens(transaction)
                try Self.providers(transaction)
            }
        }
    }

    /// Changes one field after the other.
    ///
    /// - Parameters:
    ///   - references: the fields that need other objects.
    ///   - sample: makes a valid record whose names have a number.
    ///   - store: stores the first record, then the second in its place; returns what the store reads.
    private static func check<Record: FieldRecord>(
        besides references: [String] = [],
        _ sample: (Int) -> Record,
        _ store: (Record, Record) throws -> Record?
    ) throws {
        var unchanged: [String] = []
        for (number, field) in Record.fields.enumerated() {
            let before = sample(number)
            guard let changed = before.changed(field) else {
                unchanged.append(field.name)
                continue
            }
            let read = try store(before, changed)
            #expect(read == changed, "\(Record.self): \(field.name)")
        }
        #expect(unchanged == references, "\(Record.self)")
    }

    private static func users(_ transaction: Transaction) throws {
        try check({ UserProfile(username: "user-\($0)") }) { before, after in
            let id = try transaction.createUser(before).id
            try transaction.updateUser(id, to: after)
            return try transaction.user(id)?.profile
        }
    }

    private static func groups(_ transaction: Transaction) throws {
        try check({ GroupProfile(name: "group-\($0)") }) { before, after in
            let id = try transaction.createGroup(before).id
            try transaction.updateGroup(id, to: after)
            return try transaction.group(id)?.profile
        }
    }

    private static func applications(_ transaction: Transaction) throws {
        try check({ Application(name: "Application \($0)", slug: "application-\($0)") }) { before, after in
            try transaction.saveApplication(before)
            try transaction.saveApplication(after)
            return try transaction.applications().first { $0.id == before.id }
        }
    }

    private static func mappings(_ transaction: Transaction) throws {
        try check({ PropertyMapping(name: "Mapping \($0)", expression: "return {}") }) { before, after in
            try transaction.saveMapping(before)
            try transaction.saveMapping(after)
            return try transaction.mappings().first { $0.id == before.id }
        }
    }

    private static func tokens(_ transaction: Transaction) throws {
        let owner = try transaction.createUser(UserProfile(username: "owner")).id
        func sample(_ number: Int) -> AccessToken {
            AccessToken(id: UUID(), identifier: "token-\(number)", intent: .api, user: owner, isExpiring: true)
        }
        try check(sample) { before, after in
            let key = Secret(before.identifier)
            try transaction.createToken(before, keyHash: Array(before.identifier.utf8), key: key)
            try transaction.updateToken(after)
            return try transaction.tokens().first { $0.id == before.id }
        }
    }

    private static func providers(_ transaction: Transaction) throws {
        let references = ["filter_group", "groups", "property_mappings", "property_mappings_group"]
        func sample(_ number: Int) -> ProviderSettings {
            ProviderSettings(name: "Entra \(number)", clientID: "client", tenantID: "tenant")
        }
        try check(besides: references, sample) { before, after in
            let id = try transaction.createProvider(before, clientSecret: Secret("")).id
            try transaction.updateProvider(id, to: after, clientSecret: Secret("s3cret-value"))
            return try transaction.provider(id)?.settings
        }
    }
}
