// Fields of forms: text, choice of one, choice of several, ticks and switches. Each has a label, and says what is wrong below itself.

import { useState } from "react";
import type { ReactNode, Ref } from "react";
import {
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  Switch as AriaSwitch,
  Button as AriaButton,
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from "react-aria-components";
import { Icon } from "../icons.tsx";
import { words } from "./words.ts";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  isRequired?: boolean;
  isDisabled?: boolean;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  testId?: string;
}

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "tel" | "url" | "search" | "number" | "datetime-local" | "date" | "time";
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  maxLength?: number;
  min?: string | number;
  max?: string | number;
  inputRef?: Ref<HTMLInputElement>;
  name?: string;
}

function FieldLabel({ label, hideLabel, isRequired }: Pick<FieldProps, "label" | "hideLabel" | "isRequired">) {
  return <Label className={hideLabel ? "ui-hidden" : `ui-label${isRequired ? " ui-label-required" : ""}`}>{label}</Label>;
}

function Below({ hint, error }: Pick<FieldProps, "hint" | "error">) {
  return (
    <>
      {hint && !error ? (
        <Text slot="description" className="ui-hint">
          {hint}
        </Text>
      ) : null}
      {error ? <FieldError className="ui-field-error">{error}</FieldError> : null}
    </>
  );
}

export function TextField({ label, hint, error, hideLabel, isRequired, isDisabled, testId, value, onChange, type = "text", placeholder, autoComplete, autoFocus, maxLength, min, max, inputRef, name }: TextFieldProps) {
  return (
    <AriaTextField className="ui-field" value={value} onChange={onChange} type={type as "text"} isInvalid={!!error} validationBehavior="aria" {...(isRequired ? { isRequired } : {})} {...(isDisabled ? { isDisabled } : {})} {...(autoFocus ? { autoFocus } : {})} {...(name ? { name } : {})}>
      <FieldLabel label={label} hideLabel={hideLabel ?? false} isRequired={isRequired ?? false} />
      <Input className="ui-input" ref={inputRef} placeholder={placeholder} autoComplete={autoComplete} maxLength={maxLength} min={min} max={max} data-testid={testId} />
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

export interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  placeholder?: string;
  maxLength?: number;
  autoFocus?: boolean;
  mono?: boolean;
  inputRef?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ label, hint, error, hideLabel, isRequired, isDisabled, testId, value, onChange, rows = 4, placeholder, maxLength, autoFocus, mono, inputRef }: TextAreaProps) {
  return (
    <AriaTextField className="ui-field" value={value} onChange={onChange} isInvalid={!!error} validationBehavior="aria" {...(isRequired ? { isRequired } : {})} {...(isDisabled ? { isDisabled } : {})} {...(autoFocus ? { autoFocus } : {})}>
      <FieldLabel label={label} hideLabel={hideLabel ?? false} isRequired={isRequired ?? false} />
      <AriaTextArea className="ui-input" ref={inputRef} rows={rows} placeholder={placeholder} maxLength={maxLength} data-testid={testId} style={mono ? { fontFamily: "var(--mono)", fontSize: 13 } : {}} />
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

export interface Option<T extends string = string> {
  id: T;
  label: string;
  detail?: string;
  icon?: ReactNode;
}

export interface SelectProps<T extends string> extends FieldProps {
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T) => void;
  placeholder?: string;
}

export function Select<T extends string>({ label, hint, error, hideLabel, isRequired, isDisabled, testId, options, value, onChange, placeholder }: SelectProps<T>) {
  return (
    <AriaSelect className="ui-field" value={value} onChange={(key) => key !== null && onChange(key as T)} placeholder={placeholder ?? words("choose")} isInvalid={!!error} {...(isRequired ? { isRequired } : {})} {...(isDisabled ? { isDisabled } : {})}>
      <FieldLabel label={label} hideLabel={hideLabel ?? false} isRequired={isRequired ?? false} />
      <AriaButton className="ui-select-button" data-testid={testId}>
        <SelectValue className="ui-select-value">{({ isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : (options.find((it) => it.id === value)?.label ?? defaultChildren))}</SelectValue>
        <Icon name="chevronDown" size={16} />
      </AriaButton>
      <Below hint={hint} error={error} />
      <Popover className="ui-popover" offset={4}>
        <OptionList options={options} />
      </Popover>
    </AriaSelect>
  );
}

function OptionList<T extends string>({ options }: { options: readonly Option<T>[] }) {
  return (
    <ListBox className="ui-list" items={options} renderEmptyState={() => <div className="ui-list-empty">{words("nothing")}</div>}>
      {(option) => (
        <ListBoxItem id={option.id} textValue={option.label} className="ui-item">
          {({ isSelected }) => (
            <>
              {option.icon}
              <span className="ui-item-text">
                {option.label}
                {option.detail ? <small>{option.detail}</small> : null}
              </span>
              {isSelected ? <Icon name="check" size={16} className="ui-item-check" /> : null}
            </>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

export interface ComboBoxProps<T extends string> extends FieldProps {
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T | null) => void;
  placeholder?: string;
}

/** One of many, found by typing. */
export function ComboBox<T extends string>({ label, hint, error, hideLabel, isRequired, isDisabled, testId, options, value, onChange, placeholder }: ComboBoxProps<T>) {
  return (
    <AriaComboBox className="ui-field" value={value} onChange={(key) => onChange((key as T | null) ?? null)} defaultItems={options} menuTrigger="focus" isInvalid={!!error} {...(isRequired ? { isRequired } : {})} {...(isDisabled ? { isDisabled } : {})}>
      <FieldLabel label={label} hideLabel={hideLabel ?? false} isRequired={isRequired ?? false} />
      <div className="ui-combo">
        <Input placeholder={placeholder ?? words("choose")} data-testid={testId} />
        <AriaButton className="ui-btn" data-kind="quiet" data-size="s" data-icon-only="true">
          <Icon name="chevronDown" size={16} />
        </AriaButton>
      </div>
      <Below hint={hint} error={error} />
      <Popover className="ui-popover" offset={4}>
        <OptionList options={options} />
      </Popover>
    </AriaComboBox>
  );
}

export interface MultiSelectProps extends FieldProps {
  options: readonly Option[];
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** Lets people add words that are not among the options. */
  creatable?: boolean;
  placeholder?: string;
}

/** Several of many as chips; Backspace takes the last one off, Enter or a comma adds. */
export function MultiSelect({ label, hint, error, hideLabel, isRequired, isDisabled, testId, options, values, onChange, creatable, placeholder }: MultiSelectProps) {
  const [text, setText] = useState("");
  const typed = text.trim();
  const left = options.filter((it) => !values.includes(it.id) && (typed === "" || `${it.label} ${it.detail ?? ""}`.toLowerCase().includes(typed.toLowerCase())));
  const isNew = creatable && typed !== "" && !values.includes(typed) && !options.some((it) => it.id === typed || it.label === typed);
  const shown: Option[] = isNew ? [...left, { id: `+${typed}`, label: words("add", { text: typed }) }] : left;
  const add = (id: string) => {
    const value = id.startsWith("+") && isNew ? id.slice(1) : id;
    if (!values.includes(value)) onChange([...values, value]);
    setText("");
  };
  return (
    <AriaComboBox className="ui-field" items={shown} inputValue={text} onInputChange={setText} value={null} onChange={(key) => key !== null && add(String(key))} menuTrigger="focus" allowsEmptyCollection allowsCustomValue isInvalid={!!error} {...(isDisabled ? { isDisabled } : {})}>
      <FieldLabel label={label} hideLabel={hideLabel ?? false} isRequired={isRequired ?? false} />
      <div className="ui-combo">
        {values.map((value) => {
          const name = options.find((it) => it.id === value)?.label ?? value;
          return (
            <span key={value} className="ui-chip">
              {name}
              <button type="button" aria-label={words("remove", { name })} onClick={() => onChange(values.filter((it) => it !== value))} disabled={isDisabled}>
                <Icon name="close" size={12} />
              </button>
            </span>
          );
        })}
        <Input
          placeholder={values.length === 0 ? (placeholder ?? words("choose")) : ""}
          data-testid={testId}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === "Backspace" && text === "") onChange(values.slice(0, -1));
            if (creatable && (event.key === "," || event.key === "，" || event.key === "Enter") && typed !== "") {
              event.preventDefault();
              add(options.find((it) => it.label === typed)?.id ?? typed);
            }
          }}
        />
      </div>
      <Below hint={hint} error={error} />
      <Popover className="ui-popover" offset={4}>
        <OptionList options={shown} />
      </Popover>
    </AriaComboBox>
  );
}

interface ToggleProps {
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  children: ReactNode;
  hint?: ReactNode;
  isDisabled?: boolean;
  testId?: string;
}

export function Checkbox({ isSelected, onChange, children, hint, isDisabled, testId }: ToggleProps) {
  return (
    <AriaCheckbox className="ui-check" isSelected={isSelected} onChange={onChange} {...(isDisabled ? { isDisabled } : {})} {...(testId ? { "data-testid": testId } : {})}>
      <span className="ui-check-box">
        <Icon name="check" size={13} strokeWidth={2.4} />
      </span>
      <span>
        {children}
        {hint ? <div className="ui-hint">{hint}</div> : null}
      </span>
    </AriaCheckbox>
  );
}

export function Switch({ isSelected, onChange, children, hint, isDisabled, testId }: ToggleProps) {
  return (
    <AriaSwitch className="ui-switch" isSelected={isSelected} onChange={onChange} {...(isDisabled ? { isDisabled } : {})} {...(testId ? { "data-testid": testId } : {})}>
      <span className="ui-switch-track" />
      <span>
        {children}
        {hint ? <div className="ui-hint">{hint}</div> : null}
      </span>
    </AriaSwitch>
  );
}
