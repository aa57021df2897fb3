package import CausewayJSON

/// What is to be done to one Entra object.
package enum ActionVerb: String, Sendable, CaseIterable {
    case create, link, update, suspend, reactivate, restore, delete, unlink
    case addMembers = "add_members"
    case removeMember = "remove_member"
    case setManager = "set_manager"
    case removeManager = "remove_manager"
    case skip
    case none

    /// How many writes at Graph it costs.
    package var writes: Int {
        switch self {
        case .create, .update, .suspend, .reactivate, .restore, .delete, .addMembers, .removeMember,
            .setManager, .removeManager:
            1
        case .link, .unlink, .skip, .none: 0
        }
    }

    /// The verb as people say it.
    package var words: String {
        switch self {
        case .addMembers: "add to"
        case .setManager: "set the manager of"
        case .removeManager: "remove the manager of"
        case .removeMember: "remove from"
        default: rawValue
        }
    }
}

/// Why an action is in the plan; every action has one.
package enum ActionReason: String, Sendable, CaseIterable {
    case missingInEntra = "missing_in_entra"
    case vanishedFromEntra = "vanished_from_entra"
    case matchedByImmutableID = "matched_by_immutable_id"
    case matchedByEmployeeID = "matched_by_employee_id"
    case matchedByFormerLink = "matched_by_former_link"
    case matchedByUserPrincipalName = "matched_by_user_principal_name"
    case matchedByMail = "matched_by_mail"
    case matchedByUniqueName = "matched_by_unique_name"
    case matchedByDisplayName = "matched_by_display_name"
    case attributesDiffer = "attributes_differ"
    /// Somebody else changed it in Entra.
    case drifted
    case deactivated
    case reactivated
    case returned
    case deletedLocally = "deleted_locally"
    case leftScope = "left_scope"
    case managerDiffers = "manager_differs"
    case managerUnknown = "manager_unknown"
    case memberMissing = "member_missing"
    case memberExtra = "member_extra"
    case skippedByMapping = "skipped_by_mapping"
    case mappingFailed = "mapping_failed"
    case ambiguousMatch = "ambiguous_match"
    /// What only one object may have is somebody else's.
    case valueTaken = "value_taken"
    case invalidDesired = "invalid_desired"
    /// Graph refused it, and it is not sent again until something that matters has changed.
    case refused = "refused_by_entra"
    /// The members of the group are somebody else's to choose.
    case membersNotOurs = "members_not_ours"
    case actionIsDoNothing = "action_is_do_nothing"

    /// The reason as a clause for people.
    package var sentence: String {
        switch self {
        case .missingInEntra: "no such object in Entra"
        case .vanishedFromEntra: "its Entra object is gone"
        case .matchedByImmutableID: "same immutable id in Entra"
        case .matchedByEmployeeID: "same employee id in Entra"
        case .matchedByFormerLink: "linked to this object before"
        case .matchedByUserPrincipalName: "same user principal name in Entra"
        case .matchedByMail: "same mail address in Entra"
        case .matchedByUniqueName: "same unique name in Entra"
        case .matchedByDisplayName: "same display name in Entra"
        case .attributesDiffer: "attributes differ"
        case .drifted: "changed in Entra by somebody else"
        case .deactivated: "deactivated in the directory"
        case .reactivated: "active again in the directory"
        case .returned: "back in scope, and still in Entra's recycle bin"
        case .deletedLocally: "deleted from the directory"
        case .leftScope: "left the provider's scope"
        case .managerDiffers: "another manager in the directory"
        case .managerUnknown: "the manager is not in the directory"
        case .memberMissing: "member of the group in the directory"
        case .memberExtra: "not a member of the group in the directory"
        case .skippedByMapping: "a mapping raised SkipObject"
        case .mappingFailed: "a mapping failed"
        case .ambiguousMatch: "more than one Entra object fits"
        case .valueTaken: "somebody else has a value that only one may have"
        case .invalidDesired: "Entra would refuse the values"
        case .refused: "Entra ID refuses it"
        case .membersNotOurs: "somebody else chooses the members of this group"
        case .actionIsDoNothing: "the provider's delete action is to do nothing"
        }
    }
}

/// One attribute that differs, with both values; a masked value is shown as `"********"`.
package struct AttributeChange: Hashable, Sendable {
    /// The Graph property name.
    package let attribute: String
    /// What Entra holds; nil where nothing is known.
    package let old: JSONValue?
    /// What it should hold.
    package let new: JSONValue

    package init(attribute: String, old: JSONValue?, new: JSONValue) {
        self.attribute = attribute
        self.old = old
        self.new = new
    }
}

/// The order in which a run applies its actions; a phase starts when the one before it has ended.
package enum ActionPhase: Int, Sendable, CaseIterable {
    /// Links to what is in Entra already, and ends of links: nothing is sent.
    case links = 0
    /// Deletions that free a value which the same plan gives to somebody else.
    case releases = 8
    case users = 1
    case groups = 2
    case memberships = 3
    /// Links to managers: both users exist by then.
    case references = 7
    case removals = 4
    case suspensions = 5
    case deletions = 6
}

/// One step of a plan: what is to be done to one object, and why.
package struct Action: Hashable, Sendable {
    /// Where it stands in its plan, from 1 on.
    package var sequence: Int64
    package let phase: ActionPhase
    /// The order within a phase. Groups are created leaf first, so that a nested group exists before the group that holds it; what
    /// takes a value comes after what frees it.
    package let level: Int
    package let verb: ActionVerb
    package let kind: ObjectKind
    /// The local object; nil where it was deleted.
    package let object: ObjectReference?
    /// What people call the object: user name, or group name.
    package let name: String
    /// The Entra object; nil before it is created.
    package let entraID: EntraObjectID?
    package let reason: ActionReason
    /// What is particular to this case, for people; empty where the reason says it all.
    package let detail: String
    package let changes: [AttributeChange]
    /// The members that a create, add or remove carries.
    package let members: [MemberReference]
    /// The secret values that the changes mask, by Graph property path; sealed in the database.
    package let secrets: [String: Secret]
    /// Whether it takes something away, by its first link, from what was in Entra before: a person decides about that, however
    /// little it is.
    package let asksFirst: Bool

    package init(
        sequence: Int64 = 0,
        phase: ActionPhase,
        level: Int = 0,
        verb: ActionVerb,
        kind: ObjectKind,
        object: ObjectReference?,
        name: String,
        entraID: EntraObjectID? = nil,
        reason: ActionReason,
        detail: String = "",
        changes: [AttributeChange] = [],
        members: [MemberReference] = [],
        secrets: [String: Secret] = [:],
        asksFirst: Bool = false
    ) {
        self.sequence = sequence
        self.phase = phase
        self.level = level
        self.verb = verb
        self.kind = kind
        self.object = object
        self.name = name
        self.entraID = entraID
        self.reason = reason
        self.detail = detail
        self.changes = changes
        self.members = members
        self.secrets = secrets
        self.asksFirst = asksFirst
    }

    /// What is said of an action that asks first.
    package static let asksFirstDetail = "it was in Entra before it was linked; a person decides"
}

extension Action {
    /// The same action with something else about it; secrets travel with their changes.
    package func with(
        phase: ActionPhase? = nil,
        level: Int? = nil,
        detail: String? = nil,
        changes: [AttributeChange]? = nil,
        asksFirst: Bool? = nil
    ) -> Action {
        let changes = changes ?? self.changes
        let names = Set(changes.map(\.attribute))
        return Action(
            sequence: sequence,
            phase: phase ?? self.phase,
            level: level ?? self.level,
            verb: verb,
            kind: kind,
            object: object,
            name: name,
            entraID: entraID,
            reason: reason,
            detail: detail ?? self.detail,
            changes: changes,
            members: members,
            secrets: secrets.filter { path, _ in names.contains(String(path.prefix { $0 != "." })) },
            asksFirst: asksFirst ?? self.asksFirst
        )
    }

    /// Whether somebody may lose something by it: what the guard counts.
    ///
    /// Making anew what vanished counts too. A tenant that wrongly says of everything that it is gone must not be filled a
    /// second time unasked.
    package var isDangerous: Bool {
        switch verb {
        case _ where asksFirst: true
        case .suspend, .delete, .removeMember: true
        case .create, .restore, .unlink: reason == .vanishedFromEntra
        case .link, .update, .reactivate, .addMembers, .setManager, .removeManager, .skip, .none: false
        }
    }

    /// The action in a few words: `delete user ada`.
    package var phrase: String { "\(verb.words) \(kind.rawValue) \(name)" }
}

/// A member of a group in a plan: a local object, whose Entra id may not be known before the plan is applied, or an Entra
/// object that we know by its id alone.
package enum MemberReference: Hashable, Sendable {
    case local(ObjectReference)
    case remote(EntraObjectID)
}
