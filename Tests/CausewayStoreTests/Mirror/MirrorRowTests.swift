import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("What the mirror stores of an object")
struct MirrorRowTests {
    @Test("what is stored change by change is what would be stored at once", arguments: ObjectKind.allCases)
    func changes(kind: ObjectKind) async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider().id
                let (changed, whole) = (EntraObjectID("changed"), EntraObjectID("whole"))
                let window = ConsistencyWindow(now: transaction.now, time: .seconds(60))
                for step in 0..<300 {
                    let before = try transaction.mirrorObject(changed, provider: provider)
                    let report = ObjectSnapshot(Self.anyProperties())
                    if step % 5 == 0 {
                        let changes = report.properties
                        try transaction.recordWrite(changes, to: changed, over: before, kind: kind, provider: provider)
                    } else {
                        try transaction.merge(report, of: changed, over: before, kind: kind, provider: provider, window)
                    }
                    let stored = try #require(try transaction.mirrorObject(changed, provider: provider))
                    let copy = MirrorObject(
                        kind: kind,
                        entraID: whole,
                        known: stored.known,
                        written: stored.written,
                        staleSince: stored.staleSince
                    )
                    try transaction.forgetMirrorObject(whole, provider: provider)
                    try transaction.saveMirrorObject(copy, provider: provider)
                    #expect(try Self.columns(of: changed, transaction) == Self.columns(of: whole, transaction))
                    #expect(try Self.addresses(of: changed, transaction) == Self.addresses(of: whole, transaction))
                    #expect(try Self.addresses(of: whole, transaction) == copy.aliases)
                }
            }
        }
    }

    private static let values: [String: [JSONValue]] = [
        "onPremisesImmutableId": [nil, "a", "B"],
        "userPrincipalName": ["ada@x.test", "Ada@x.test"],
        "mail": [nil, "Ada@x.test", "lovelace@x.test"],
        "identities": [
            [], [["signInType": "federated", "issuer": "mail", "issuerAssignedId": "Ada@y.test"]],
            [["signInType": "userPrincipalName", "issuer": "x.test", "issuerAssignedId": "ada@x.test"]],
        ],
        "uniqueName": [nil, "u"],
        "displayName": ["Ada", "ada"],
        "employeeId": [nil, "E7"],
        "groupTypes": [[], ["Unified"], ["Unified", "DynamicMembership"]],
        "mailNickname": ["Nick", "nick"],
        "accountEnabled": [true, false],
        "proxyAddresses": [[], ["SMTP:Ada@x.test", "smtp:L@x.test"], ["smtp:ada@x.test", "x500:/o=X"]],
    ]

    private static func anyProperties() -> [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: values.compactMap { name, values in
                Bool.random() ? values.randomElement().map { (name, $0) } : nil
            }
        )
    }

    private static let texts: [StaticString] = [
        "immutable_id", "principal_name_folded", "mail_folded", "identity_folded", "unique_name", "display_name_folded",
        "employee_id_folded", "nickname_folded", "known", "presence", "written",
    ]

    private static func columns(of id: EntraObjectID, _ transaction: Transaction) throws -> [String?] {
        try transaction.all("SELECT * FROM mirror_objects WHERE entra_id = ?", SQLValue(id)) { row in
            try texts.map { try row.text(orNil: $0) }
                + [
                    row.bool("is_disabled").description,
                    row.timestamp(orNil: "stale_since_ms")?.milliseconds.description,
                ]
        }.flatMap { $0 }
    }

    private static func addresses(of id: EntraObjectID, _ transaction: Transaction) throws -> Set<String> {
        Set(
            try transaction.all("SELECT address_folded FROM mirror_addresses WHERE entra_id = ?", SQLValue(id)) {
                try $0.text("address_folded")
            }
        )
    }
}
