/// The template `run`: a run, its plan, and what came of it.
struct RunPage: PageModel {
    static let template = "run"

    let run: RunSummary
    let counts: [Count]
    let actions: [ActionRow]
    let hasActions: Bool
    let pages: Paging
    /// The ways to the actions of each outcome.
    let outcomes: [TabLink]
    let isWaiting: Bool
    /// Whether the plan can be applied.
    let isShownPlan: Bool
    /// Whether the plan could be applied if the provider were not set to dry run.
    let isDryRunPlan: Bool
    /// Where the provider is changed.
    let edit: Address
    let base: String
    /// Why there are no actions.
    let empty: String
    /// Why there are no counts.
    let nothing: String
    let isFiltered: Bool
    let outcome: String?
    let search: String
    let actionsToChoose: [ChoiceOption]

    /// How many actions of a kind have an outcome.
    struct Count: TemplateValue {
        let words: String
        let outcome: String
        let count: String
    }
}
