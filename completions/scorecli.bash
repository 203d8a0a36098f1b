_scorecli_completion() {
    local answer
    COMPREPLY=()
    while IFS= read -r answer; do
        COMPREPLY+=("$answer")
    done < <(
        _SCORECLI_COMPLETE=complete_bash \
        _SCORECLI_LINE="${COMP_LINE:0:COMP_POINT}" \
        _SCORECLI_WORD="${COMP_WORDS[COMP_CWORD]}" \
        command scorecli 2>/dev/null
    )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o default -F _scorecli_completion scorecli
