import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

// Guests (Graph, "Create invitation").

extension GraphService {
    func invite(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let body = try objectBody(call)
        let address = try invitedAddress(body)
        guard settings.invitations else { throw .denied }
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            // Inviting an address twice returns the account that is there.
            if let present = directory.holder(of: .proxyAddress(address.lowercased())) { return directory[present] }
            try checkQuota(in: directory)
            let guest = try createGuest(address, body, in: &directory, now)
            return directory[guest]
        }
        var invitation = body
        invitation["id"] = .string(directory.withLock { $0.makeID() })
        invitation["inviteRedeemUrl"] = .string("https://login.microsoftonline.com/redeem?rd=\(entry.id)")
        invitation["status"] = "PendingAcceptance"
        invitation["invitedUser"] = ["id": .string(entry.id)]
        invitation["invitedUserType"] = entry.value("userType")
        invitation["sendInvitationMessage"] = body["sendInvitationMessage"] ?? false
        invitation["@odata.context"] = .string("\(base)/$metadata#invitations/$entity")
        return GraphReply(status: 201, body: .object(invitation))
    }

    private func invitedAddress(_ body: [String: JSONValue]) throws(GraphProblem) -> String {
        let known = types.properties(of: "microsoft.graph.invitation")
        for name in body.keys.sorted() where known[name] == nil && name != "invitedUser" {
            throw .malformed("The property '\(name)' does not exist on type 'microsoft.graph.invitation'.")
        }
        for name in ["invitedUserEmailAddress", "inviteRedirectUrl"] where body[name]?.string?.isEmpty ?? true {
            throw .badRequest(
                "A value is required for property '\(name)' of resource 'Invitation'.",
                detail: "PropertyRequired",
                target: name
            )
        }
        let address = body["invitedUserEmailAddress"]?.string ?? ""
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "@._-'"))
        guard !address.domain.isEmpty, address.unicodeScalars.allSatisfy({ allowed.contains($0) && $0.isASCII }) else {
            throw .badRequest(
                "Invalid value specified for property 'invitedUserEmailAddress' of resource 'Invitation'.",
                detail: "InvalidValue",
                target: "invitedUserEmailAddress"
            )
        }
        return address
    }

    private func createGuest(
        _ address: String,
        _ body: [String: JSONValue],
        in directory: inout TenantDirectory,
        _ now: Date
    ) throws(GraphProblem) -> EntryIndex {
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
