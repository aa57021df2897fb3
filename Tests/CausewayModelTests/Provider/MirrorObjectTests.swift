import CausewayJSON
import CausewayModel
import Foundation
import Testing

/// What the mirror stores of an object that Graph reports.
@Suite
struct MirrorObjectTests {
    private let window = ConsistencyWindow(
        now: Timestamp(Date(timeIntervalSince1970: 1_800_000_000)),
        time: .seconds(60)
    )

    @Test("unset members of complex values, all of which Graph returns, are not stored and are no change")
    func unsetMembers() throws {
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: [:])
        let first = object.merge(
            ObjectSnapshot([
                "onPremisesExtensionAttributes": ["extensionAttribute1": "A", "extensionAttribute2": nil],
                "employeeOrgData": ["division": nil, "costCenter": nil],
                "identities": [["signInType": "federated", "issuerAssignedId": nil]],
            ]),
            window
        )
        #expect(first.external.map(\.attribute) == ["identities", "onPremisesExtensionAttributes"])
        #expect(
            object.known == [
                "onPremisesExtensionAttributes": ["extensionAttribute1": "A"],
                "identities": [["signInType": "federated"]],
            ]
        )
        let again = object.merge(
            ObjectSnapshot(["onPremisesExtensionAttributes": ["extensionAttribute1": "A", "extensionAttribute7": nil]]),
            window
        )
        #expect(again.external.isEmpty && again.attributes.isEmpty)
    }

    @Test("a value that an earlier version stored with its unset members is the same value")
    func keptBefore() {
        let kept: [String: JSONValue] = ["employeeOrgData": ["division": nil, "costCenter": "7"]]
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: kept)
        let changes = object.merge(ObjectSnapshot(["employeeOrgData": ["costCenter": "7", "division": nil]]), window)
        #expect(changes.external.isEmpty && changes.attributes.isEmpty)
        let cleared = object.merge(ObjectSnapshot(["employeeOrgData": ["costCenter": nil, "division": nil]]), window)
        #expect(cleared.external.map(\.new) == [.null])
        #expect(cleared.attributes == ["employeeOrgData"])
        #expect(object.known.isEmpty)
    }

    @Test("what the service adds to an object that Causeway created is news, but no external change; own writes stand")
    func additions() {
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: [:])
        object.recordWrite(["displayName": "Ada"], at: window.now)
        object.recordCreation(at: window.now)
        let report = ObjectSnapshot(["displayName": "Old", "userType": "Member"])
        let told = object.merge(report, window)
        #expect(told.external.isEmpty && told.attributes == ["userType"])
        #expect(object.known == ["displayName": "Ada", "userType": "Member"] && object.staleSince == window.now)
        let later = ConsistencyWindow(now: window.now + .seconds(61), time: window.time)
        let changed = object.merge(report, later)
        #expect(changed.external == [ExternalChange(attribute: "displayName", old: "Ada", new: "Old")])
        #expect(changed.attributes == ["displayName"] && object.written.isEmpty)
    }

    @Test("an object that comes back, or was unknown, is news by its existence")
    func existence() {
        let before = MirrorObject(kind: .user, entraID: EntraObjectID("entra-1"), known: [:], presence: .deleted)
        var object = before
        let told = object.merge(ObjectSnapshot(["displayName": "Ada"]), window)
        #expect(told.attributes == ["displayName", MirrorObject.existence] && object.presence == .present)
        #expect(told.external.map(\.attribute) == ["displayName"] && told.ofUnknownObject.external.isEmpty)
        #expect(told.ofUnknownObject.attributes == told.attributes)
        var moved = before
        moved.setPresence(to: .deleted, at: window.now)
        #expect(moved.merge(ObjectSnapshot(["displayName": "Ada"]), window).attributes.isEmpty)
        #expect(moved.presence == .deleted && moved.staleSince == window.now)
    }
}
