import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

// Guests (Graph, "Create invitation").

extension GraphService {
    func invite(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let body = try objectBody(call)
        try checkInvitation(body)
        guard settings.invitations else { throw .denied }
        if body["invitedUserType"] == "Member" { try require(AccessRules.invitedMember, call) }
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            let account = try invited(body, in: &directory, now)
            return directory[account]
        }
        var invitation = body
        invitation["id"] = .string(directory.withLock { $0.makeID() })
        invitation["inviteRedeemUrl"] = .string("https://login.microsoftonline.com/redeem?rd=\(entry.id)")
        invitation["status"] = entry.value("externalUserState") == "Accepted" ? "Completed" : "PendingAcceptance"
        invitation["invitedUser"] = ["id": .string(entry.id)]
        invitation["invitedUserType"] = entry.value("userType")
        invitation["sendInvitationMessage"] = body["sendInvitationMessage"] ?? false
        invitation["resetRedemption"] = body["resetRedemption"] ?? false
        invitation["@odata.context"] = .string("\(base)/$metadata#invitations/$entity")
        return GraphReply(status: 201, body: .object(invitation))
    }

    private static let resource = "Invitation"

    private func checkInvitation(_ body: [String: JSONValue]) throws(GraphProblem) {
        for name in ["invitedUserEmailAddress", "inviteRedirectUrl"] where body[name]?.string?.isEmpty ?? true {
            throw .missing(name, ofResource: Self.resource)
        }
        let rules = PropertyTypeRules(
            typeName: "microsoft.graph.invitation",
            resourceName: Self.resource,
            types: types,
            readOnly: ["status"]
        )
        for (name, value) in body.sorted(by: { $0.key < $1.key }) where name != "invitedUser" {
            try rules.check(name, value)
        }
        let address = body["invitedUserEmailAddress"]?.string ?? ""
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "@._-'"))
        guard !address.domain.isEmpty, address.unicodeScalars.allSatisfy({ allowed.contains($0) && $0.isASCII }) else {
            throw .invalidValue("invitedUserEmailAddress", ofResource: Self.resource)
        }
        guard ["Guest", "Member", .null].contains(body["invitedUserType"] ?? .null) else {
            throw .invalidValue("invitedUserType", ofResource: Self.resource)
        }
        guard body["resetRedemption"] != true || body["invitedUser"]?["id"]?.string != nil else {
            throw .missing("invitedUser", ofResource: Self.resource)
        }
    }

    /// The account of an invited person: an existing or a new one.
    private func invited(_ body: [String: JSONValue], in directory: inout TenantDirectory, _ now: Date)
        throws(GraphProblem) -> EntryIndex
    {
        if body["resetRedemption"] == true { return try resetRedemption(body, in: &directory, now) }
        let key = UniqueKey.proxyAddress(body["invitedUserEmailAddress"]?.string?.lowercased() ?? "")
        guard let holder = directory.holder(of: key) else {
            try checkQuota(in: directory)
            return try createGuest(body, in: &directory, now)
        }
        guard directory[holder].kind == .user else { throw .conflict(key) }
        return holder
    }

    /// Lets a guest accept again, under the address of the invitation.
    private func resetRedemption(_ body: [String: JSONValue], in directory: inout TenantDirectory, _ now: Date)
        throws(GraphProblem) -> EntryIndex
    {
        let guest = try find(.user, .name(body["invitedUser"]?["id"]?.string ?? ""), in: directory)
        let present = directory[guest].properties
        guard present["externalUserState"] != nil else { throw .invalidValue("invitedUser", ofResource: Self.resource) }
        var after = present
        Self.setMail(body["invitedUserEmailAddress"]?.string ?? "", in: &after)
        after["mail"] = body["invitedUserEmailAddress"]
        after["externalUserState"] = "PendingAcceptance"
        after["externalUserStateChangeDateTime"] = .string(now.graphText)
        try checkUnique(after, .user, in: directory, except: guest)
        directory.apply(.update(guest, Self.difference(present, after)), at: now)
        return guest
    }

    private func createGuest(_ body: [String: JSONValue], in directory: inout TenantDirectory, _ now: Date)
        throws(GraphProblem) -> EntryIndex
    {
        let address = body["invitedUserEmailAddress"]?.string ?? ""
        let id = directory.makeID()
        let name = "\(address.replacing("@", with: "_"))#EXT#@\(domains.initial)"
        let given: [String: JSONValue] = [
            "userPrincipalName": .string(name), "mail": .string(address),
            "displayName": body["invitedUserDisplayName"] ?? .string(address),
            "mailNickname": .string(address.replacing("@", with: "_") + "#EXT#"),
            "userType": body["invitedUserType"] ?? "Guest",
            "creationType": "Invitation", "externalUserState": "PendingAcceptance",
            "externalUserStateChangeDateTime": .string(now.graphText),
        ]
        let properties = completed(given, id: id, now)
        try checkUnique(properties, .user, in: directory)
        return directory.apply(.create(id: id, .user, properties), at: now)
    }
}
